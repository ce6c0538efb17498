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
# The modules of the other systems are read as those systems would see them.
for system in win32 darwin; do
  step "types on $system" $bin/mypy --platform $system --cache-dir .mypy_cache/$system client_app consent_record
done
step "imports (lint-imports)" $bin/lint-imports --no-cache --no-logo
[ $failed -eq 0 ] && echo "check: style, layout, types and imports hold"
exit $failed
