#!/usr/bin/env bash
# Measures what lookups cost a running job of Flink, see docs/flink.md, and writes target/flink-throughput.json. Nothing else
# should run on the machine meanwhile. Takes about two minutes for each backend.
#
#   scripts/flink-throughput.sh [--rounds 7] [version of Flink]
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=7
if [ "${1:-}" = --rounds ]; then
  rounds=$2
  shift 2
fi
version=${1:-2.3.0}

mvn -B -ntp -q -pl qs-flink -am package -DskipTests
mkdir -p target
mvn -B -ntp -q -f scripts/flink-matrix/pom.xml -Dflink.version="$version" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$(pwd)/target/flink.classpath"
for backend in hashmap rocksdb; do
  java -Xmx2g --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED \
    -Dqs.client.library=qs-flink/target/client-library \
    -cp "qs-flink/target/test-classes:qs-flink/target/qs-flink-0.1.0-SNAPSHOT.jar:$(cat target/flink.classpath)" \
    io.queryablestate.flink.ThroughputProgram "$backend" "$rounds" | grep '^{'
done | tee target/flink-throughput.json
