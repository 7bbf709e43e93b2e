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
built=$root/qs-cli/target/qs-launcher
modules='qs-messages qs-network qs-server qs-proxy qs-client qs-embedded qs-cli'

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
    mkdir -p "$root/qs-cli/target"
    lock
    if ! is_current; then
        check_tools
        echo 'qs: building, about a minute the first time ...' >&2
        # What changes while Maven runs is newer than this and built the next time.
        touch "$built.started"
        # A new directory: programs that run from the old one keep their files, and no jar of an old version is left.
        rm -rf "$root/qs-cli/target/lib"
        (cd "$root" && mvn -B -q -pl qs-cli -am package \
            -Dmaven.test.skip=true -Dspotless.check.skip=true -Denforcer.skip=true </dev/null >&2 9>&-) ||
            fail 'the build failed, see above'
        mv "$built.started" "$built"
        echo 'qs: built' >&2
    fi
    unlock
}

find_java
is_current || build

# A command of a moment is not worth optimizing for long.
case ${1:-} in
    get | list | '' | -* | help) quick='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' ;;
    *) quick= ;;
esac
# shellcheck disable=SC2086  # options are separate words
exec "$java" $quick ${QS_JAVA_OPTS:-} -cp "$root/qs-cli/target/lib/*" io.queryablestate.cli.Qs "$@"
