#!/usr/bin/env bash
# Runs gates: programs that try to hang, crash, fool or fill client, proxy and state server, and count what comes of it.
#   scripts/gate.sh ID|all [--quick|--full] [--scale PERCENT] [--seed N] [--built]
# --quick (the default) runs counts for a quarter of an hour, --full those of a release; --scale runs a part of them;
# --built takes what was built by the last call.
# Results are written to target/gates/ID.json. Exits with 1 if a gate does not hold. "all --full" also runs the gates that
# are scripts and tests of their own, which take long and need the artifacts of Flink; it goes on where it was
# interrupted: a gate that has held in full at this commit is not run again.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
out="${GATE_OUT:-$root/target/gates}"
lib="$root/qs-gates/target/lib"

fail() {
    echo "gate: $1" >&2
    exit 2
}

gate=${1:?"usage: scripts/gate.sh ID|all [--quick|--full] [--scale PERCENT] [--seed N] [--built]"}
shift
mode=quick
scale=100
seed=1
built=
while [ $# -gt 0 ]; do
    case $1 in
        --quick) mode=quick ;;
        --full) mode=full ;;
        --scale) scale=${2:?'--scale needs a number'}; shift ;;
        --built) built=yes ;;
        --seed) seed=${2:?'--seed needs a number'}; shift ;;
        *) fail "unknown option $1" ;;
    esac
    shift
done

command -v mvn >/dev/null || fail 'mvn was not found: building needs Maven 3.8 or newer on the PATH'
commit=$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)

if [ -z "$built" ]; then
    echo 'gate: building ...' >&2
    rm -rf "$lib"
    (cd "$root" && mvn -B -q -pl qs-gates -am package \
        -Dmaven.test.skip=true -Dspotless.check.skip=true -Denforcer.skip=true </dev/null >&2) ||
        fail 'the build failed, see above'
fi
mkdir -p "$out"
printf '127.0.0.1 localhost\n' >"$out/hosts"

if [ "$gate" = build ]; then
    exit
fi

run_java() {
    java -Xmx512m -XX:+UseSerialGC \
        -Dio.netty.allocator.type=pooled \
        -Dio.netty.allocator.smallCacheSize=0 -Dio.netty.allocator.normalCacheSize=0 \
        -Djdk.net.hosts.file="$out/hosts" -Dsun.net.inetaddr.ttl=0 -Dsun.net.inetaddr.negative.ttl=0 \
        -Dgates.flink=":$root/qs-gates/target/flink/*" \
        -Dgates.log="$out/${1}.log" -Dlogback.configurationFile=gates-logback.xml \
        -cp "${GATE_CLASSPATH:+$GATE_CLASSPATH:}$lib/*" io.queryablestate.gates.Gates "$@"
}

held_in_full() {
    # Sources that are not committed may have changed since.
    case $commit in *-dirty | unknown) return 1 ;; esac
    [ "$mode" = full ] && [ -f "$out/$1.json" ] &&
        grep -q '"holds": true' "$out/$1.json" && grep -q '"scale": "full"' "$out/$1.json" &&
        grep -q "\"commit\": \"$commit\"" "$out/$1.json"
}

# Those that are scripts and tests of their own.
others='R11 R12 R13 F3-flink Z1 T1'

run_other() {
    case $1 in
        R11) one_test qs-routing CacheSimulationTest -Dsimulation.seeds=10000 ;;
        R12) scripts/flink-matrix.sh --full ;;
        R13) scripts/stress.sh --full ;;
        F3-flink) one_test qs-flink KeyCheckTest -Dqs.key.mutations=1000000 ;;
        Z1) scripts/flink-safety.sh ;;
        T1) scripts/faults.sh ;;
    esac
}

one_test() {
    mvn -B -q -pl "$1" -am test -Dtest="$2" "$3" -Dsurefire.failIfNoSpecifiedTests=false \
        -Dspotless.check.skip=true -Denforcer.skip=true
}

run_gate() {
    case " $others " in
        *" $1 "*) ;;
        *)
            run_java "$1" "$mode" "$scale" "$seed" "$out" "$commit"
            return
            ;;
    esac
    local holds=true
    SECONDS=0
    (cd "$root" && run_other "$1") </dev/null >"$out/$1.log" 2>&1 || holds=false
    printf '{\n  "gate": "%s",\n  "holds": %s,\n  "scale": "full",\n  "seconds": %d,\n  "commit": "%s"\n}\n' \
        "$1" "$holds" "$SECONDS" "$commit" >"$out/$1.json"
    echo "$1 $([ $holds = true ] && echo holds || echo MISSED)  full, $SECONDS s, see $out/$1.log"
    [ $holds = true ]
}

if [ "$gate" != all ]; then
    run_gate "$gate"
    exit
fi

began=$(date +%s)
echo "gate: all, $mode counts, scale $scale %, seed $seed, commit $commit"
missed=
ids=$(run_java list)
if [ "$mode" = full ]; then
    ids="$ids $others"
fi
for id in $ids; do
    if held_in_full "$id"; then
        echo "$id has held in full at this commit"
    elif ! run_gate "$id"; then
        missed="$missed $id"
    fi
done
if [ -n "$missed" ]; then
    echo "gate: missed:$missed"
    exit 1
fi
echo "gate: all gates hold, after $((($(date +%s) - began + 59) / 60)) min"
