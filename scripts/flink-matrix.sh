#!/usr/bin/env bash
# Runs the integration tests of qs-flink with several versions of Flink: one jar, built once, and one version of Flink at a
# time on the class path.
#
#   scripts/flink-matrix.sh [--full] [version of Flink …]
#
# --full takes the full counts instead of those that a build has time for. The Java is that of JAVA_HOME.
set -euo pipefail
cd "$(dirname "$0")/.."

counts=quick
if [ "${1:-}" = --full ]; then
  counts=full
  shift
fi
versions=("$@")
if [ ${#versions[@]} -eq 0 ]; then
  versions=(1.20.0 2.3.0)
fi

mvn -B -ntp -q -pl qs-flink -am package -DskipTests
for version in "${versions[@]}"; do
  echo "== Flink $version, $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | head -n 1)"
  mvn -B -ntp -f scripts/flink-matrix/pom.xml -Dflink.version="$version" -Dtest.counts="$counts" test
done
