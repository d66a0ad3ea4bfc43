"""Environments of their own for tools whose dependencies are not the project's, made once for each set of pins.

They stand inside `.venv`, beside which nothing is installed, under a name that changes with the pins.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_ENVIRONMENTS = ROOT / ".venv" / "environments"
_UV = ROOT / ".venv" / "bin" / "uv"


def environment(name: str) -> Path:
    """Return the Python of the environment that `requirements-{name}.txt` pins, made if it is not there yet.

    Raises:
        subprocess.CalledProcessError: it could not be installed; the installer's own words are on stderr.
    """
    pins = ROOT / f"requirements-{name}.txt"
    folder = _ENVIRONMENTS / f"{name}-{digest(pins)}"
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        print(f"Setting up {pins.name} in .venv (once) …", file=sys.stderr, flush=True)
        subprocess.run([str(_UV), "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], check=True)
        # Not resolved anew: checkov pins an older parser than the one that reads all of Bicep.
        install: list[str | Path] = [_UV, "pip", "sync", "--quiet", "--require-hashes", "--python", python, pins]
        subprocess.run(install, check=True)
        (folder / ".ready").touch()
    return python


def passed(subject: str, *paths: Path) -> Path:
    """Return the file that stands where `subject` has passed with just this content of files and folders."""
    files = sorted(file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())
    kept = [file for file in files if "__pycache__" not in file.parts]
    return _ENVIRONMENTS / f"passed-{subject}-{digest(*kept)}"


def digest(*files: Path) -> str:
    """Return sixteen characters that change with the names and the content of files."""
    content = hashlib.sha256()
    for file in files:
        content.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes() + b"\0")
    return content.hexdigest()[:16]


if __name__ == "__main__":
    print(environment(sys.argv[1]).parent)
