#!/usr/bin/env bash
# Tries what several threads may see of what they share, with jcstress: millions of runs of each test, in several ways of
# compiling it. Exits with 1 if something was seen that may not be.
#   scripts/stress.sh [--full] [NAME]
# --full takes minutes for each test instead of seconds; NAME is a part of the names of the tests to run.
set -euo pipefail
cd "$(dirname "$0")/.."

effort=(-sc false -f 1 -iters 2 -time 300 -c 2 -jvmArgs -Xmx256m)
if [ "${1:-}" = --full ]; then
    effort=(-m default -jvmArgs -Xmx256m)
    shift
fi

rm -rf qs-stress/target/lib
mvn -B -q -Pstress -pl qs-stress -am package \
    -Dmaven.test.skip=true -Dspotless.check.skip=true -Denforcer.skip=true </dev/null
mkdir -p target/stress
lib=$(pwd)/qs-stress/target/lib
cd target/stress
java -Xmx512m -cp "$lib/*" org.openjdk.jcstress.Main "${effort[@]}" -r report -t "${1:-io.queryablestate}" >log 2>&1 || true
grep -E '^  (Failed|Error|All remaining) tests: ' log || tail -20 log
echo 'stress: report in target/stress/report; a test with more threads than there are cores is not run'
grep -q '^  Failed tests: No matches' log && grep -q '^  Error tests: No matches' log &&
    ! grep -q '^  All remaining tests: No matches' log
