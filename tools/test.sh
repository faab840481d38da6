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

say "Running the C code's tests of frames"
mkdir -p "$build/extension"
gcc -Wall -Wextra -Werror -g -fsanitize=address,undefined -I"$root/extension/ivy_duckdb" \
  "$root/extension/test/frames_test.c" "$root/extension/ivy_duckdb/frame.c" \
  "$root/extension/ivy_duckdb/batch.c" -o "$build/extension/frames_test"
"$build/extension/frames_test" "$root/extension/test/frames"

say "Running the tests of every module on PostgreSQL$trees"
exec "$root/mvnw" -B -Dstyle.color=never --fail-at-end install
