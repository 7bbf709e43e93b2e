#!/usr/bin/env bash
# Puts known faults back, one at a time, and sees that a gate notices each: scripts/faults.sh [NAME ...]
# A fault is a patch in qs-gates/faults whose head names its gate and how much of the gate is run. It is applied to a copy of
# the sources it changes; the classes made from that go before ours. Exits with 1 if a fault was not noticed, or cannot be put
# back any more.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
out="$root/target/gates/faults"
lib="$root/qs-gates/target/lib"
[ -d "$lib" ] || "$root/scripts/gate.sh" build
mkdir -p "$out"

noticed=0
missed=
for patch in "$root"/qs-gates/faults/*.patch; do
    name=$(basename "$patch" .patch)
    if [ $# -gt 0 ]; then
        case " $* " in *" $name "*) ;; *) continue ;; esac
    fi
    gate=$(sed -n 's/^Gate: //p' "$patch")
    scale=$(sed -n 's/^Scale: //p' "$patch")
    work="$out/$name"
    rm -rf "$work"
    mkdir -p "$work/classes"
    sources=$(sed -n 's/^+++ b\///p' "$patch")
    for source in $sources; do
        mkdir -p "$work/$(dirname "$source")"
        cp "$root/$source" "$work/$source"
    done
    if ! patch -s -p1 -d "$work" <"$patch" >"$work/log" 2>&1 ||
        ! (cd "$work" && javac -nowarn -proc:none --release 17 -cp "$lib/*" -d classes $sources >>log 2>&1); then
        echo "$name: cannot be put back, see $work/log"
        missed="$missed $name"
        continue
    fi
    code=0
    GATE_CLASSPATH="$work/classes" GATE_OUT="$work" \
        "$root/scripts/gate.sh" "$gate" --quick --scale "$scale" --built >"$work/result" 2>&1 || code=$?
    if [ "$code" = 1 ] && grep -q MISSED "$work/result"; then
        noticed=$((noticed + 1))
        echo "$name: noticed by $gate: $(sed -n 's/^ *miss: //p' "$work/result" | head -1)"
    else
        echo "$name: NOT noticed by $gate (exit $code), see $work/result"
        missed="$missed $name"
    fi
done
echo "faults: $noticed noticed"
if [ -n "$missed" ]; then
    echo "faults: not noticed:$missed"
    exit 1
fi
