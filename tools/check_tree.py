"""Fails if the tree that would be committed knows this machine: its paths, or where it gets its packages from."""

import configparser
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
_REQUIREMENT_OPTION = re.compile(
    r"^\s*(?:-i|-f|--(?:extra-)?index-url|--find-links|--trusted-host)\b|@\s*\w+:", re.MULTILINE
)
_RESOLVED = re.compile(r'"resolved":\s*"(?:https?|file):')


def main() -> int:
    """Print each finding; return 1 if there is one."""
    findings = list(_findings())
    for finding in findings:
        print(finding)
    print(f"{'Not clean' if findings else 'Clean'}: no path or package registry of this machine is in the tree.")
    return 1 if findings else 0


def _findings() -> Iterator[str]:
    marks = _marks()
    for path in _files():
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        for mark in marks:
            if mark in text:
                yield f"{path}: holds {mark!r}"
        if path.startswith("requirements") and path.endswith(".txt") and _REQUIREMENT_OPTION.search(text):
            yield f"{path}: names where packages come from"
        if path == "package-lock.json" and _RESOLVED.search(text):
            yield f"{path}: names where packages come from"


def _files() -> list[str]:
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [name for name in listed.split("\0") if name]


def _marks() -> set[str]:
    """Return texts that only this machine would bring into a file."""
    # A working copy at the root, such as /app/, has a path that is also an honest part of addresses.
    own = {f"{ROOT}/"} if len(ROOT.parts) > len(("/", "app")) else set()
    return own | {f"{Path.home()}/"} | _registries()


def _registries() -> set[str]:
    texts = [value for name, value in os.environ.items() if name.lower().startswith(("pip_", "npm_config_", "uv_"))]
    for file in (Path("/etc/pip.conf"), Path.home() / ".config/pip/pip.conf", Path.home() / ".pip/pip.conf"):
        parser = configparser.RawConfigParser()
        parser.read(file)
        texts += [value for section in parser.sections() for _, value in parser.items(section)]
    for file in (Path.home() / ".npmrc", ROOT / ".npmrc"):
        if file.exists():
            texts += file.read_text(encoding="utf-8").splitlines()
    hosts = {urlsplit(url).hostname or "" for text in texts for url in re.findall(r"https?://[^\s=]+", text)}
    return hosts - {"", "localhost", "127.0.0.1"}


if __name__ == "__main__":
    sys.exit(main())
