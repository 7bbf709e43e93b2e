#!/bin/sh
# Measures what reads cost as connections, servers, values and states grow; see --help and docs/performance.md.
set -eu

program=scale
module=$(cd "$(dirname "$0")" && pwd -P)
. "$module/build.sh"

usage() {
    cat <<EOF
usage: scale.sh [--quick]

  --quick  a first impression in about 3 minutes; the full run takes about 10

Builds what is missing, reports progress on standard error, prints the result and writes it with its charts to
docs/performance. Let nothing else run on the machine meanwhile.
EOF
}

[ $# -le 1 ] || { usage >&2 && fail 'too many arguments' 2; }
case "${1:-}" in
    '' | --quick) ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && fail "no option $1" 2 ;;
esac

build
exec java -Xmx256m -cp "$module/target/lib/*" io.queryablestate.benchmarks.Scale \
    "$module/target" "$module/../docs/performance" "$@"
