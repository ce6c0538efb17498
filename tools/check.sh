#!/usr/bin/env bash
# Style, types and which way the imports point. Every tool runs even when one before it complained.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=0

step() {
  local name=$1
  shift
  "$@" || { echo "check: $name FAILED"; failed=1; }
}

step "style (ruff check)" $bin/ruff check --quiet .
step "layout (ruff format)" $bin/ruff format --check --output-format concise .
step "types (mypy --strict)" $bin/mypy client_app consent_backend consent_record resources demo tests tools
# The modules of the other systems once more, as those systems would see them.
other() { $bin/mypy --platform "$1" --cache-dir ".mypy_cache/$1" --follow-imports silent "client_app/platforms/$2"; }
step "types on Windows" other win32 windows
step "types on macOS" other darwin macos
step "imports (lint-imports)" $bin/lint-imports --no-cache --no-logo
[ $failed -eq 0 ] && echo "check: style, layout, types and imports hold"
exit $failed
