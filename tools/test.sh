#!/bin/bash
# All tests: builds, makes the private Postgres trees and installs into them, then runs the C code's tests and those of
# every module, of which the last are the system tests.
set -euo pipefail
. "$(dirname -- "$0")/common.sh"

prefer=$("$root/tools/packages.sh" --major)
trees=""
for major in $(printf '%s\n' "$prefer" $majors | sort -un); do
  status=0
  "$root/tools/postgres-tree.sh" "$major" || status=$?
  case $status in
    0) trees="$trees $major" ;;
    3) note "tests on PostgreSQL $major are skipped" ;;
    *) exit "$status" ;;
  esac
done

"$root/tools/build.sh" server
home=$(private_folder)
for major in $trees; do
  "$root/tools/install.sh" "$home/pg$major/pg_config"
done

if [ -f "$root/extension/test/Makefile" ]; then
  say "Running the C tests"
  make -C "$root/extension/test" PG_CONFIG="$home/pg$prefer/pg_config" check
fi

say "Running the tests of every module on PostgreSQL$trees"
exec "$root/mvnw" -B -Dstyle.color=never --fail-at-end install
