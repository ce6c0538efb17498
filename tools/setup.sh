#!/usr/bin/env bash
# Makes this tree ready to run: a Python, .venv with the locked packages, Qt's system libraries, compiled catalogues.
#
# Works on Debian and Ubuntu with Python 3.11 or newer, make and git. As root it installs what the system lacks; as
# anyone else it prints the one apt line that does and stops. A second run finds its stamp and is silent.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp_file=.venv/setup-stamp
log=build/setup.log

# What the stamp vouches for: the locks, this script, the way the tree is installed, and where it stands.
stamp() { { echo "$PWD"; cat requirements/dev.txt pyproject.toml tools/setup.sh; } | sha256sum; }

say() { echo "setup: $*"; }
die() { echo "setup: $*" >&2; exit 1; }

# Qt on offscreen and xcb, a virtual screen, one font, and objdump for the freezer. A name with | has a successor
# on newer systems; either will do.
system_packages=(
  libegl1 libgl1 'libglib2.0-0|libglib2.0-0t64' libdbus-1-3 libfontconfig1 libfreetype6 libx11-xcb1
  libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
  libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1
  xvfb fonts-dejavu-core binutils
)

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  return 1
}

# Debian's interpreter comes in parts: venv and the shared library (the freezer copies it) are packages of their own.
python_packages() {
  "$1" - <<'PY'
import importlib.util, sys
is_system = sys.base_prefix == "/usr"
version = "%d.%d" % sys.version_info[:2]
if is_system and importlib.util.find_spec("ensurepip") is None:
    print(f"python{version}-venv")
if is_system:
    print(f"libpython{version}|libpython{version}t64")
PY
}

# Prints those of the given packages that are not installed, one a line; of a|b it prints a.
missing_of() {
  local package name installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
  for package in "$@"; do
    for name in ${package//|/ }; do
      grep -qxF "$name" <<<"$installed" && continue 2
    done
    echo "${package%%|*}"
  done
}

apt_install() {
  local apt=(apt-get -y -qq -o DPkg::Lock::Timeout=300)
  export DEBIAN_FRONTEND=noninteractive
  say "installing $*"
  {
    # The lists may be missing (a container) or older than the archive, so ask for new ones when a first try fails.
    "${apt[@]}" install --no-install-recommends "$@" ||
      { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@"; }
  } >>"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; die "apt-get failed, see $log"; }
}

ensure_system() {
  local wanted missing
  if ! command -v dpkg-query >/dev/null; then
    say "not a Debian or Ubuntu system: Qt's libraries are not checked (${system_packages[*]})"
    return
  fi
  mapfile -t wanted < <(python_packages "$python")
  mapfile -t missing < <(missing_of "${wanted[@]}" "${system_packages[@]}")
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ]; then
    die "some system packages are missing. Install them, then try again:
  sudo apt-get install --no-install-recommends ${missing[*]}"
  fi
  apt_install "${missing[@]}"
}

ensure_venv() {
  if [ -x .venv/bin/python ] && is_new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; then
    return
  fi
  say "making .venv with $python"
  "$python" -m venv --clear .venv >>"$log" 2>&1 || { tail -n 20 "$log" >&2; die "could not make .venv, see $log"; }
}

install_packages() {
  # Wheels only: nothing of a package runs before its hash was checked, and no compiler is needed.
  local pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input)
  say "installing the locked packages"
  {
    "${pip[@]}" install --require-hashes --only-binary :all: -r requirements/dev.txt &&
      "${pip[@]}" install --no-deps --no-build-isolation --no-index -e .
  } >>"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; die "pip failed, see $log"; }
}

# What the programs read is made from what people write, whenever that is newer.
compile_brand() {
  local compiled=resources/compiled/brand.json
  [ -f resources/brand.toml ] || return 0
  if ! [ -f $compiled ] ||
    [ -n "$(find resources -newer $compiled \( -name '*.py' -o -name '*.toml' -o -path '*/documents/*' \) \
      -not -path '*/compiled/*' -print -quit)" ]; then
    .venv/bin/python -m resources.compile >>"$log" || die "resources/brand.toml was refused"
  fi
}

compile_catalogues() {
  local catalogue
  for catalogue in resources/locale/*/LC_MESSAGES/*.po; do
    if [ -e "$catalogue" ] && ! [ "${catalogue%.po}.mo" -nt "$catalogue" ]; then
      .venv/bin/python -m tools.compile_catalogues
      return
    fi
  done
}

mkdir -p build
exec 9>build/.setup.lock
command -v flock >/dev/null && flock 9
if [ "$(cat $stamp_file 2>/dev/null)" != "$(stamp)" ]; then
  : >"$log"
  python=$(find_python) || die "no Python 3.11 or newer found. On Debian 12 or Ubuntu 24.04: sudo apt-get install python3"
  ensure_system
  ensure_venv
  install_packages
  stamp >$stamp_file
  say "ready ($(.venv/bin/python --version))"
fi
compile_brand
compile_catalogues
