#!/bin/bash
# Makes sure that a Postgres server with headers, a C compiler, make and Maven are there: as root on Debian and Ubuntu
# by installing the distribution's packages, else by naming the one line to run.
set -euo pipefail
. "$(dirname -- "$0")/common.sh"

# The newest major that the distribution packages, 15 where there is a choice.
packaged_major() {
  if apt-cache show postgresql-15 >/dev/null 2>&1; then echo 15; return; fi
  apt-cache search --names-only '^postgresql-[0-9]+$' | sed -n 's/^postgresql-\([0-9]*\) .*/\1/p' | sort -n | tail -n 1
}

# Versions of Postgres that are installed with their headers, 15 first.
installed_major() {
  local config
  for config in /usr/lib/postgresql/15/bin/pg_config /usr/lib/postgresql/*/bin/pg_config; do
    if [ -x "$config" ] && [ -x "$(dirname "$config")/postgres" ] &&
      [ -f "$("$config" --includedir-server)/postgres.h" ] && [ -f "$("$config" --pgxs)" ]; then
      basename "$(dirname "$(dirname "$config")")"
      return
    fi
  done
}

missing_packages() {
  local major
  if [ -z "$(installed_major)" ]; then
    major=$(packaged_major || true)
    major=${major:-15}
    echo "postgresql-$major postgresql-server-dev-$major"
  fi
  command -v gcc >/dev/null || echo "gcc libc6-dev"
  command -v make >/dev/null || echo make
  command -v mvn >/dev/null || echo maven
  command -v xz >/dev/null || echo xz-utils
}

if [ "${1:-}" = --major ]; then
  installed_major
  exit
fi
packages=$(missing_packages | tr '\n' ' ')
if [ -z "$packages" ]; then exit 0; fi
if ! command -v apt-get >/dev/null; then
  fail "these packages of Debian are needed, or what they hold: $packages"
fi
if ! is_root; then
  echo "Some system packages are missing. Run this once, then the same command again:" >&2
  echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $packages" >&2
  exit 1
fi
say "Reading the distribution's package lists"
logged apt-update apt-get update
packages=$(missing_packages | tr '\n' ' ')
say "Installing $packages"
# shellcheck disable=SC2086
logged apt-install env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages
