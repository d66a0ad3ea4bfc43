#!/bin/sh
# Says, before the tests begin, what they need and this machine lacks.
missing=0
needs() {
  command -v "$1" >/dev/null 2>&1 && return
  echo "$2" >&2
  missing=1
}
needs jq "jq is missing, with which the deployment's scripts are tried: install your system's package jq."
needs "${CHROMIUM:-/usr/bin/chromium}" \
  "Chromium is missing, which opens the pages: install it, or name one: make CHROMIUM=/path/to/chromium …"
exit "$missing"
