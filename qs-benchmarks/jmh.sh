#!/bin/sh
# Measures parts of the hot path with JMH: jmh.sh [JMH's arguments], such as a part of a benchmark's name; -h lists all.
set -eu

program=jmh
module=$(cd "$(dirname "$0")" && pwd -P)
. "$module/build.sh"

build
exec java -cp "$module/target/lib/*" org.openjdk.jmh.Main "$@"
