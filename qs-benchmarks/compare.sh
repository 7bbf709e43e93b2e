#!/bin/sh
# Compares reads through a proxy with Flink's own and with a raw relay: compare.sh [--quick]
# Builds what is missing, reports progress on standard error, prints the result and writes it to docs/performance.
# The full run takes about ten minutes, the quick one about four. Let nothing else run on the machine meanwhile.
set -eu

module=$(cd "$(dirname "$0")" && pwd -P)
root=$(dirname "$module")

fail() {
    echo "compare: $1" >&2
    exit 1
}

command -v mvn >/dev/null || fail 'mvn was not found: building needs Maven 3.8 or newer on the PATH'
command -v java >/dev/null || fail 'java was not found: install a JDK 17 or newer'

# Maven finds out what is current; a directory that is new has no jar of an old version.
echo 'compare: building ...' >&2
rm -rf "$module/target/lib"
(cd "$root" && mvn -B -q -pl qs-benchmarks -am package \
    -Dmaven.test.skip=true -Dspotless.check.skip=true -Denforcer.skip=true </dev/null >&2) ||
    fail 'the build failed, see above'

exec java -Xmx256m -cp "$module/target/lib/*" io.queryablestate.benchmarks.Compare \
    "$module/target" "$root/docs/performance/comparison.md" "$@"
