#!/bin/sh
# Prints the path of a Python 3.13, or says what is missing. PYTHON3 may name one; 3.14 is taken only if it is named.
fits='import sys, venv, ensurepip; sys.exit(sys.version_info[1] not in map(int, sys.argv[1:]) or sys.version_info[0] != 3)'
find_one() {
  for candidate in "$@"; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c "$fits" $versions >/dev/null 2>&1; then
      command -v "$candidate"
      exit 0
    fi
  done
}
versions="13 14"
find_one "${PYTHON3:-}"
versions=13
find_one python3.13 python3 "$HOME"/.pyenv/versions/3.13*/bin/python3.13
echo "Python 3.13 with its venv module is missing: install it (https://www.python.org/downloads, pyenv install 3.13," >&2
echo "or your system's package), or name one: make PYTHON3=/path/to/python3.13 …" >&2
exit 1
