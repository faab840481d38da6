#!/bin/bash
# Fetches PostgreSQL 15's own regression tests from the distribution's source package to build/postgres/regress15.
# Prints nothing; exit 3 when this machine cannot have them.
set -euo pipefail
. "$(dirname -- "$0")/common.sh"

target=$(private_folder)/regress15
if [ -f "$target/sql/test_setup.sql" ]; then exit 0; fi
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
command -v apt-get >/dev/null && command -v bzip2 >/dev/null && [ -f "$keyring" ] || exit 3
# The machine's own Debian mirror and release, from its own package configuration.
sources=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(SUITE) $(REPO_URI) $(CODENAME)' 2>/dev/null |
  sed -n 's/^Debian Debian [a-z]* \([^ ]*\) \([a-z]*\)$/\1 \2/p' | sort -u | head -n 1)
[ -n "$sources" ] || exit 3

new=$target.new.$$
trap 'rm -rf "$new"' EXIT
mkdir -p "$new/apt/lists/partial" "$new/apt/cache/archives/partial" "$new/apt/etc" "$build/log"
: >"$new/apt/status"
echo "deb-src [signed-by=$keyring] $sources main" >"$new/apt/etc/sources.list"
apt=(-o "Dir::Etc::sourcelist=$new/apt/etc/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o Dir::Etc::preferencesparts=/dev/null -o "Dir::State::lists=$new/apt/lists" -o "Dir::State::status=$new/apt/status"
  -o "Dir::Cache=$new/apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2)
say "Fetching PostgreSQL 15's regression tests"
(apt-get "${apt[@]}" update && cd "$new" && apt-get "${apt[@]}" source --download-only postgresql-15) \
  >"$build/log/regress15.log" 2>&1 || exit 3
tar -xjf "$new"/postgresql-15_*.orig.tar.bz2 -C "$new" --strip-components=4 --wildcards \
  '*/src/test/regress/sql/*' '*/src/test/regress/data/*'
rm -rf "$new/apt" "$new"/postgresql-15_*
chmod -R go+rX "$new"
rm -rf "$target"
mv "$new" "$target"
trap - EXIT
