#!/usr/bin/env bash
# Task managers with Flink's own queryable state and with ours in one cluster of processes: mixed, and replaced one after the
# other in both directions while jobs run. Versions of Flink can be given as arguments.
set -euo pipefail
cd "$(dirname "$0")/.."

versions=("$@")
if [ ${#versions[@]} -eq 0 ]; then
  versions=(1.20.0 2.3.0)
fi

for version in "${versions[@]}"; do
  mvn -B -ntp -q -f qs-flink-demo/class-path -Dflink.version="$version" package -Dspotless.check.skip -Denforcer.skip
done
mvn -B -ntp -pl qs-flink-demo -am verify -Dspotless.check.skip -Denforcer.skip \
  -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
  -Dit.test='MixedClusterIT,RollingReplacementIT' -Dfailsafe.failIfNoSpecifiedTests=false \
  -Dqs.flink.versions="$(IFS=,; echo "${versions[*]}")"
