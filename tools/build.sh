#!/bin/bash
# Builds the engine and the named Maven modules, and only when a source changed since the last time.
#   tools/build.sh MODULE[,MODULE...]
set -euo pipefail
. "$(dirname -- "$0")/common.sh"

modules=$1
stamp=$build/stamps/java-$modules
now=$(cd "$root" && fingerprint pom.xml .mvn model duckdb source mirror lake query server testing benchmarks chaos diff)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ]; then exit 0; fi
say "Building the engine (the first time Maven also fetches what it needs: some minutes)"
mkdir -p "$build/stamps" "$build/log"
log=$build/log/maven.log
maven=(-B -Dstyle.color=never -DskipTests -Dspotless.check.skip=true install -pl "$modules" -am)
if ! "$root/mvnw" "${maven[@]}" 2>&1 | tee "$log" |
  sed -un 's/^\[INFO\] Building \([a-z].*\)  *\(\[.*\]\)$/    \1 \2/p'; then
  tail -n 60 "$log" >&2
  fail "the build failed; the whole log is build/log/maven.log"
fi
echo "$now" >"$stamp"
