#!/bin/sh
# Makes a machine ready: what cannot come from uv.lock. Each part does nothing where the thing is there already.
#   tests/machine.sh uv        prints the path of a uv, fetched into .venv-tools where the machine has none
#   tests/machine.sh browser   Chromium for the journeys
#   tests/machine.sh postgres  the PostgreSQL server's programs (the tests start a private one)
#   tests/machine.sh privacyidea  prints the path of a Python that has privacyIDEA, in a folder of the user's cache
set -eu
cd "$(dirname "$0")/.."
tools=.venv-tools

say() { printf '%s\n' "$*" >&2; }

# Debian's own installer, as root or by sudo that asks no question; elsewhere the person does it.
apt_install() {
  package=$1
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    as_root=""
  elif command -v apt-get >/dev/null && command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
  else
    return 1
  fi
  say "Installing $package …"
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >&2 || true
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$package" >&2
}

refuse() {
  say "$1"
  exit 1
}

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome ||
  ls "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium" 2>/dev/null; }

find_postgres() { command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb \
  /usr/local/opt/postgresql*/bin/initdb 2>/dev/null | grep .; }

# The machine's own uv where it works (a shim may be there and not work), or one of our own.
ensure_uv() {
  for found in "$(command -v uv || true)" "$HOME/.local/bin/uv" "$tools/bin/uv"; do
    if [ -n "$found" ] && "$found" --version >/dev/null 2>&1; then
      printf '%s\n' "$found"
      return
    fi
  done
  say "Fetching uv into $tools …"
  fetch_uv || { apt_install python3-venv && fetch_uv; } ||
    refuse "Python's venv module is missing: sudo apt-get install python3-venv (or install uv yourself), then again."
  printf '%s\n' "$tools/bin/uv"
}

# A folder of its own, so that a Python "managed externally" (Debian, Homebrew) is left alone. Debian's Python may lack
# the half of venv that brings pip; its own pip can fill a folder too.
fetch_uv() {
  rm -rf "$tools"
  if python3 -m venv "$tools" >/dev/null 2>&1; then
    "$tools/bin/python" -m pip --quiet install uv >&2 || return 1
  else
    rm -rf "$tools"
    python3 -m pip --version >/dev/null 2>&1 || return 1
    python3 -m pip --quiet install --target "$tools" uv >&2 || return 1
  fi
  echo '*' >"$tools/.gitignore"
}

ensure_browser() {
  find_chromium >/dev/null || apt_install chromium ||
    refuse "The browser tests need Chromium: sudo apt-get install chromium (macOS: brew install --cask chromium)."
}

ensure_postgres() {
  find_postgres >/dev/null || apt_install postgresql ||
    refuse "The tests need PostgreSQL: sudo apt-get install postgresql (macOS: brew install postgresql)."
}

# An environment of its own: its pinned packages are others than ours.
ensure_privacyidea() {
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/helpdesk/privacyidea-3.14
  if [ ! -e "$folder/ready" ]; then
    say "Installing privacyIDEA into $folder …"
    uv=$(ensure_uv)
    rm -rf "$folder"
    { "$uv" venv --quiet --python 3.11 "$folder" && "$uv" pip install --quiet --python "$folder/bin/python" \
      "privacyidea==3.14" && touch "$folder/ready"; } >&2 || refuse "privacyIDEA cannot be installed here."
  fi
  printf '%s\n' "$folder/bin/python"
}

case "${1:-}" in
  uv | browser | postgres | privacyidea) "ensure_$1" ;;
  *) refuse "Usage: tests/machine.sh uv|browser|postgres|privacyidea" ;;
esac
