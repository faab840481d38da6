# Shared by the launcher's scripts: where things lie, who runs the servers, how progress is told.
# shellcheck shell=bash disable=SC2034
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
build=$root/build
majors="15 17 18"

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
fail() { printf 'mooncake: %s\n' "$*" >&2; exit 1; }

is_root() { [ "$(id -u)" = 0 ]; }

# Postgres refuses to run as root: root's servers belong to the account that the distribution's package made.
as_server_user() { if is_root; then runuser -u postgres -- "$@"; else "$@"; fi; }

# Everything that servers read or write lies under build/postgres. When the checkout is closed to the server account
# (a clone under /root, say) that name is a link to a folder beside the other temporary files.
private_folder() {
  local folder=$build/postgres elsewhere
  mkdir -p "$build"
  if [ ! -e "$folder" ]; then
    rm -f "$folder"
    if as_server_user test -x "$build"; then
      mkdir -p "$folder"
    else
      elsewhere=$(mktemp -d "${TMPDIR:-/var/tmp}/ivy_mooncake.XXXXXX")
      chmod 755 "$elsewhere"
      ln -s "$elsewhere" "$folder"
    fi
  fi
  mkdir -p "$folder/run" "$folder/templates"
  if is_root; then chown postgres: "$folder/run" "$folder/templates"; fi
  (cd -- "$folder" && pwd -P)
}

# A word for the state of the given files and folders: it changes when one is added, removed or edited.
fingerprint() {
  find "$@" \( -name target -o -name '*.o' -o -name '*.so' -o -name '*.bc' \) -prune -o \
    -type f -printf '%p %s %T@\n' 2>/dev/null |
    LC_ALL=C sort | sha1sum | cut -d' ' -f1
}

# Runs a command that takes a while: its output goes to a log under build/, which is shown only when it fails.
logged() {
  local name=$1
  shift
  mkdir -p "$build/log"
  if ! "$@" >"$build/log/$name.log" 2>&1; then
    tail -n 40 "$build/log/$name.log" >&2
    fail "$name failed; the whole log is build/log/$name.log"
  fi
}
