#!/bin/bash
# Builds the C extensions against one Postgres and installs them and the engine there.
#   tools/install.sh PG_CONFIG [make variable=value ...]
# The objects lie in a copy of the sources, one for each version of Postgres, so that the checkout stays clean.
# The engine's folder is renamed into place: an engine that starts meanwhile finds the old one or the new one, whole.
set -euo pipefail
. "$(dirname -- "$0")/common.sh"

pg_config=$1
shift
engine=$root/server/target/engine
[ -d "$engine/lib" ] || fail "the engine has not been built: $engine is missing"
libraries=$("$pg_config" --pkglibdir)
version=$("$pg_config" --version)

stamps=$libraries/ivy_mooncake.stamp
now="$version $(cd "$root" && fingerprint extension server/target/engine)"
# The engine's folder is a build result: `fingerprint` skips target below its arguments, never the argument itself.
if [ -f "$stamps" ] && [ -d "$libraries/ivy_mooncake" ] && [ "$(cat "$stamps")" = "$now" ]; then exit 0; fi

say "Building the extensions for $version"
work=$build/extension/${version//[^A-Za-z0-9.]/_}
rm -rf "$work"
mkdir -p "$(dirname "$work")"
cp -R "$root/extension" "$work"
logged extension-clean make -C "$work" PG_CONFIG="$pg_config" "$@" clean
logged extension-make make -C "$work" PG_CONFIG="$pg_config" "$@"
logged extension-install make -C "$work" PG_CONFIG="$pg_config" "$@" install

say "Installing the engine to $libraries/ivy_mooncake"
new=$libraries/ivy_mooncake.new.$$
old=$libraries/ivy_mooncake.old.$$
trap 'rm -rf "$new" "$old"' EXIT
cp -R "$engine" "$new"
chmod -R u+rwX,go+rX,go-w "$new"
if [ -e "$libraries/ivy_mooncake" ]; then mv "$libraries/ivy_mooncake" "$old"; fi
mv "$new" "$libraries/ivy_mooncake"
echo "$now" >"$stamps"
