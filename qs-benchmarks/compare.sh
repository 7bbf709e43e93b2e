#!/bin/sh
# Compares reads with those of Flink, gRPC, Redis and a raw relay; see --help and docs/performance.md.
set -eu

program=compare
module=$(cd "$(dirname "$0")" && pwd -P)
. "$module/build.sh"

rows='proxy-1 proxy-16 proxy-256 one-hop-1 one-hop-16 one-hop-256 get-all large-values rate'
peers='ours ours-direct connection flink grpc grpc-direct redis raw raw-batched'

usage() {
    cat <<EOF
usage: compare.sh [--quick] [--one-process] [--rows row,row] [--peers peer,peer]

  --quick        a first impression in under 6 minutes; the full run takes about 25
  --one-process  client, proxy and server of a peer in one process instead of three
  --rows         what is measured: $rows
  --peers        with whom: $peers

Builds what is missing, reports progress on standard error, prints the result and writes it with its charts: that of all
rows and peers to docs/performance, of some to qs-benchmarks/target. Let nothing else run on the machine meanwhile.
Redis is asked where redis-server is on the path; as root, it is installed if it is not.
EOF
}

# $1: the option, $2: names with commas between, $3: the names that there are
check_names() {
    [ -n "$2" ] || fail "$1 needs names: $3" 2
    for name in $(echo "$2" | tr ',' ' '); do
        case " $3 " in
            *" $name "*) ;;
            *) fail "$1 does not know $name, only: $3" 2 ;;
        esac
    done
}

# Before anything is built, and without taking them away from those that are passed on.
option=
chosen_peers=$peers
for argument in "$@"; do
    case "$option" in
        --rows) check_names --rows "$argument" "$rows" ;;
        --peers) check_names --peers "$argument" "$peers" && chosen_peers=$(echo "$argument" | tr ',' ' ') ;;
        *)
            case "$argument" in
                --help | -h) usage && exit 0 ;;
                --quick | --one-process) ;;
                --rows | --peers) option=$argument && continue ;;
                *) usage >&2 && fail "no option $argument" 2 ;;
            esac
            ;;
    esac
    option=
done
[ -z "$option" ] || check_names "$option" '' "$([ "$option" = --rows ] && echo "$rows" || echo "$peers")"

case " $chosen_peers " in
    *' redis '*)
        if ! command -v redis-server >/dev/null; then
            if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
                echo 'compare: redis-server was not found, installing it ...' >&2
                apt-get install -y -q --no-install-recommends redis-server </dev/null >&2 ||
                    echo 'compare: redis-server could not be installed: Redis will be left out' >&2
            else
                echo 'compare: redis-server was not found, and only root can install it: Redis will be left out' >&2
            fi
        fi
        ;;
esac

build
exec java -Xmx256m -cp "$module/target/lib/*" io.queryablestate.benchmarks.Compare \
    "$module/target" "$module/../docs/performance" "$@"
