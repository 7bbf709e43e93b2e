# What compare.sh and scale.sh share; they set $program and $module.

# $1: why, $2: the exit code, if it is not 1
fail() {
    echo "$program: $1" >&2
    exit "${2:-1}"
}

# Maven finds out what is current; a directory that is new has no jar of an old version.
build() {
    command -v mvn >/dev/null || fail 'mvn was not found: building needs Maven 3.8 or newer on the PATH'
    command -v java >/dev/null || fail 'java was not found: install a JDK 17 or newer'
    echo "$program: building ..." >&2
    rm -rf "$module/target/lib" "$module/target/peers"
    (cd "$module/.." && mvn -B -q -pl qs-benchmarks -am package \
        -Dmaven.test.skip=true -Dspotless.check.skip=true -Denforcer.skip=true </dev/null >&2) ||
        fail 'the build failed, see above'
}
