#!/bin/sh
# Runs the qs command from the sources around it: builds what is missing or older than its source, then starts it.
# QS_JAVA_OPTS: options for the Java virtual machine.
set -eu

self=$0
while [ -h "$self" ]; do
    target=$(readlink "$self")
    case $target in
        /*) self=$target ;;
        *) self=$(dirname "$self")/$target ;;
    esac
done
root=$(cd "$(dirname "$self")" && pwd -P)
program=qs-cli
modules='qs-messages qs-network qs-routing qs-server qs-proxy qs-client qs-embedded qs-cli'
if [ "${1:-}" = flink-demo ]; then
    program=qs-flink-demo
    modules="$modules qs-flink qs-flink-demo"
fi
built=$root/$program/target/qs-launcher
class_path=$root/qs-flink-demo/class-path

fail() {
    echo "qs: $1" >&2
    exit 1
}

find_java() {
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, which has no bin/java"
    else
        java=$(command -v java) || fail 'java was not found: install a JDK 17 or newer, or set JAVA_HOME'
    fi
}

# Major version of a text such as 17.0.15, 21-ea or 1.8.0_402; 0 if it is none.
major() {
    number=${1#1.}
    number=${number%%[!0-9]*}
    echo "${number:-0}"
}

check_tools() {
    version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
    [ "$(major "$version")" -ge 17 ] || fail "Java 17 or newer is needed, $java is ${version:-of an unknown version}"
    command -v mvn >/dev/null || fail 'mvn was not found: building needs Maven 3.8 or newer on the PATH'
    version=$(mvn -version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    case ${version:-0} in
        0 | [0-2].* | 3.[0-7] | 3.[0-7].*) fail "Maven 3.8 or newer is needed, mvn is ${version:-of an unknown version}" ;;
    esac
}

# Directories are compared as well, so that a deleted source counts as a change.
is_current() {
    [ -f "$built" ] || return 1
    (
        cd "$root"
        set -- pom.xml LICENSE
        [ "$program" = qs-cli ] || set -- "$@" "$class_path/pom.xml"
        for module in $modules; do
            set -- "$@" "$module/pom.xml" "$module/src/main"
        done
        [ -z "$(find "$@" -newer "$built" | head -n 1)" ]
    )
}

# Two commands may be started at the same time in a fresh clone: the second one waits for the build of the first.
lock() {
    if command -v flock >/dev/null; then
        exec 9>"$root/qs-cli/target/qs-launcher.lock"
        flock 9
    fi
}

unlock() {
    if command -v flock >/dev/null; then
        exec 9>&-
    fi
}

build() {
    mkdir -p "$root/qs-cli/target" "$root/$program/target"
    lock
    if ! is_current; then
        check_tools
        echo 'qs: building, about a minute the first time ...' >&2
        # What changes while Maven runs is newer than this and built the next time.
        touch "$built.started"
        # A new directory: programs that run from the old one keep their files, and no jar of an old version is left.
        rm -rf "$root/qs-cli/target/lib" "$root/$program/target/lib"
        (cd "$root" && mvn -B -q -pl "$program" -am package \
            -Dmaven.test.skip=true -Dspotless.check.skip=true -Denforcer.skip=true </dev/null >&2 9>&-) ||
            fail 'the build failed, see above'
        mv "$built.started" "$built"
        # Building the one has built the other.
        [ "$program" = qs-cli ] || cp -p "$built" "$root/qs-cli/target/qs-launcher"
        echo 'qs: built' >&2
    fi
    unlock
}

# The version of Flink that the arguments name, or the one that everything is compiled against.
flink_version() {
    wanted=
    while [ $# -gt 0 ]; do
        case $1 in
            --flink-version) wanted=${2:-} ;;
            --flink-version=*) wanted=${1#*=} ;;
        esac
        shift
    done
    [ -n "$wanted" ] || wanted=$(sed -n 's/.*<flink\.2\.version>\(.*\)<.*/\1/p' "$root/pom.xml")
    case $wanted in
        *[!0-9.]* | .* | *..*) fail "--flink-version is a version such as 1.20.0, got $wanted" ;;
    esac
    echo "$wanted"
}

# The jars are Maven's; what is written here is where they are.
has_flink() {
    [ -f "$1" ] && [ -z "$(find "$root/pom.xml" "$class_path/pom.xml" -newer "$1")" ] || return 1
    tr : '\n' <"$1" | while read -r jar; do
        [ -f "$jar" ] || exit 1
    done
}

fetch_flink() {
    lock
    if ! has_flink "$class_path/target/$1/flink"; then
        check_tools
        echo "qs: fetching the jars of Flink $1 ..." >&2
        mvn -B -q -f "$class_path" -Dflink.version="$1" package \
            -Dspotless.check.skip=true -Denforcer.skip=true </dev/null >&2 9>&- ||
            fail "the jars of Flink $1 could not be fetched, see above: Maven needs its repository for them once"
        # Maven leaves a file alone that would stay as it is.
        touch "$class_path/target/$1/flink"
    fi
    unlock
}

find_java
is_current || build

if [ "$program" = qs-flink-demo ]; then
    shift
    flink=$(flink_version "$@")
    fetch_flink "$flink"
    version=$(sed -n 's/.*<version>\(.*\)<.*/\1/p' "$root/pom.xml" | head -n 1)
    # shellcheck disable=SC2086  # options are separate words
    exec "$java" ${QS_JAVA_OPTS:-} -Dqs.flink.version="$flink" -Dqs.flink.demo.input="$root/LICENSE" \
        -Dqs.flink.class-paths="$class_path/target" \
        -Dqs.flink.jar="$root/qs-flink/target/qs-flink-$version.jar" \
        -Dqs.flink.job.jar="$root/qs-flink-demo/target/qs-flink-demo-$version-job.jar" \
        -cp "$root/qs-flink-demo/target/lib/*" io.queryablestate.flinkdemo.FlinkDemoCommand "$@"
fi

# A command of a moment is not worth optimizing for long.
case ${1:-} in
    get | list | '' | -* | help) quick='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' ;;
    *) quick= ;;
esac
# shellcheck disable=SC2086  # options are separate words
exec "$java" $quick ${QS_JAVA_OPTS:-} -cp "$root/qs-cli/target/lib/*" io.queryablestate.cli.Qs "$@"
