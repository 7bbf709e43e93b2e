#!/usr/bin/env bash
# Puts this project's jar and Flink's own queryable state to the same trials, each in a process of its own that may hang or
# die, and writes what came of them to target/flink-safety.json. Ends non-zero if this project's jar fails one.
#
#   scripts/flink-safety.sh [--quick] [version of Flink …]
set -euo pipefail
cd "$(dirname "$0")/.."

trials=("growing-heap 3000000" "hashmap-maps 10000" "rocksdb-maps 10000" "cancelled-maps 40" "cancelled-values 40")
limit=240
if [ "${1:-}" = --quick ]; then
  trials=("growing-heap 1000000" "hashmap-maps 2000" "rocksdb-maps 2000" "cancelled-maps 5" "cancelled-values 5")
  limit=90
  shift
fi
versions=("$@")
if [ ${#versions[@]} -eq 0 ]; then
  versions=(1.20.0 2.3.0)
fi

out=target/flink-safety
mkdir -p "$out"
dependency_plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1
ours=$(pwd)/qs-flink/target/qs-flink-0.1.0-SNAPSHOT.jar
mvn -B -ntp -q -pl qs-flink -am package -DskipTests

failures=0
results=()
printf '%-8s %-12s %-16s %9s  %s\n' Flink "" trial count result
# $1 version, $2 implementation, $3 its jar, $4 trial, $5 count
run() {
  local exit=0 result started=$SECONDS crash="$out/hs_err_$1_$2_$4.log"
  rm -f "$crash"
  timeout -s KILL "$limit" java -Xmx2g -XX:-CreateCoredumpOnCrash "-XX:ErrorFile=$crash" \
    --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED \
    -cp "qs-flink/target/test-classes:$3:$(cat "$out/$1.classpath")" \
    io.queryablestate.flink.SafetyTrialProgram "$4" "$5" > "$out/$1_$2_$4.log" 2>&1 || exit=$?
  result=$(grep '^{' "$out/$1_$2_$4.log" | tail -n 1 || true)
  if [ -f "$crash" ]; then
    # Without a core dump the JVM ends with exit code 1 then.
    result="{\"passed\":false,\"died\":\"$(sed -n 's/^#  \(SIG[A-Z]*\).*/\1/p' "$crash" | head -n 1) in the process of the task managers\"}"
  elif [ "$exit" = 137 ]; then
    result="{\"passed\":false,\"died\":\"stopped after $limit s\"}"
  elif [ "$exit" != 0 ]; then
    result=${result:-"{\"passed\":false,\"died\":\"exit code $exit\"}"}
  fi
  if [ "$2" = ours ] && [[ $result != *'"passed":true'* ]]; then
    failures=$((failures + 1))
  fi
  printf '%-8s %-12s %-16s %9s  %s\n' "$1" "$2" "$4" "$5" "$result"
  results+=("{\"flink\":\"$1\",\"implementation\":\"$2\",\"trial\":\"$4\",\"count\":$5,\"exit\":$exit,\"seconds\":$((SECONDS - started)),\"result\":$result}")
}

for version in "${versions[@]}"; do
  mvn -B -ntp -q -f scripts/flink-matrix/pom.xml -Dflink.version="$version" "$dependency_plugin:build-classpath" \
    -Dmdep.outputFile="$(pwd)/$out/$version.classpath"
  mvn -B -ntp -q "$dependency_plugin:copy" -DoutputDirectory="$(pwd)/$out" \
    -Dartifact="org.apache.flink:flink-queryable-state-runtime:$version" -N
  for trial in "${trials[@]}"; do
    read -r name count <<< "$trial"
    run "$version" ours "$ours" "$name" "$count"
    run "$version" flinks-own "$out/flink-queryable-state-runtime-$version.jar" "$name" "$count"
  done
done

{
  printf '{"date":"%s","processors":%s,"memory":"%s","java":"%s","trials":[\n' "$(date -u +%F)" "$(nproc)" \
    "$(awk '/MemTotal/ {printf "%d GiB", $2 / 1048576}' /proc/meminfo)" "$(java -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')"
  (IFS=$'\n'; sed '$!s/$/,/' <<< "${results[*]}")
  printf ']}\n'
} > target/flink-safety.json
echo "written to target/flink-safety.json"
exit $((failures > 0))
