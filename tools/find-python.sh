#!/bin/sh
# Prints the path of a Python 3.13, or says what is missing. PYTHON3 may name one.
for candidate in "${PYTHON3:-}" python3.13 python3 "$HOME"/.pyenv/versions/3.13*/bin/python3.13; do
  [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
  if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1; then
    command -v "$candidate"
    exit 0
  fi
done
echo "Python 3.13 with its venv module is missing: install it (https://www.python.org/downloads, pyenv install 3.13," >&2
echo "or your system's package), or name one: make PYTHON3=/path/to/python3.13 …" >&2
exit 1
