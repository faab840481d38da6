#!/bin/bash
# Builds the C extensions against one Postgres and installs them and the engine there.
#   tools/install.sh PG_CONFIG [make variable=value ...]
# The objects lie in a copy of the sources, one for each version of Postgres, so that the checkout stays clean.
# The engine's folder is renamed into place: an engine that starts meanwhile finds the old one or the new one, whole.
set -euo pipefail
. "$(dirname -- "$0")/common.sh"

pg_config=$(command -v "$1") || fail "there is no program $1"
pg_config=$(cd -- "$(dirname -- "$pg_config")" && pwd)/$(basename -- "$pg_config")
shift
engine=$root/server/target/engine
[ -d "$engine/lib" ] || fail "the engine has not been built: $engine is missing"
libraries=$("$pg_config" --pkglibdir)
version=$("$pg_config" --version)

stamp=$libraries/ivy_mooncake/made-from
now="$version $(cd "$root" && fingerprint extension server/target/engine)"
# The engine's folder is a build result: `fingerprint` skips target below its arguments, never the argument itself.
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ]; then exit 0; fi

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
echo "$now" >"$new/made-from"
chmod -R u+rwX,go+rX,go-w "$new"
if [ -e "$libraries/ivy_mooncake" ]; then mv "$libraries/ivy_mooncake" "$old"; fi
mv "$new" "$libraries/ivy_mooncake"
