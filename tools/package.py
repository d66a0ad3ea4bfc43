"""Make the deployable zip as a remote build would, and prove that it loads with nothing else installed.

Steps: the files that .funcignore leaves, requirements.txt installed with hashes into `.python_packages`, one zip in
dist/, then the zip unpacked beside a fresh environment that holds only Microsoft's worker library, loaded there, and a
hire carried through it in the sandbox's world.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pathspec

from sandbox.azurite import StorageMissingError
from sandbox.processes import StartError
from tools.carry import carry

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = Path(".python_packages") / "lib" / "site-packages"
WORKER = "azure-functions-runtime"
# zip's own epoch: the same content gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LARGEST_SHOWN = 12


class PackageError(Exception):
    """The package is not fit to be deployed; the text says why."""


def main() -> int:
    """Make, measure and try the package; return 1 with one sentence if it is not fit."""
    parser = argparse.ArgumentParser(prog="make package", description=__doc__)
    parser.add_argument("--app", type=Path, default=ROOT, help="folder of the app")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "day-one-pass.zip")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="package-") as scratch:
            build(options.app.resolve(), options.out.resolve(), Path(scratch))
    except PackageError as error:
        print(f"Not packaged: {error}", file=sys.stderr)
        return 1
    return 0


def build(app: Path, out: Path, scratch: Path) -> Mapping[str, str]:
    """Make the zip `out` from `app` and return its functions with their triggers.

    Raises:
        PackageError: it does not load, has no functions, or holds what must not be deployed.
    """
    stage = scratch / "stage"
    for name in app_files(app):
        target = stage / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(app / name, target)
    if not (stage / "function_app.py").exists():
        raise PackageError(f"{app} has no function_app.py")
    print("Installing the app's own dependencies …", flush=True)
    install(stage / "requirements.txt", stage / PACKAGES)
    refuse_strangers(stage / PACKAGES)
    print_sizes(stage / PACKAGES)
    write_zip(stage, out)
    functions = load(out, scratch)
    print(f"{out.name}: {out.stat().st_size / 1e6:.1f} MB zipped; the worker found {len(functions)} functions:")
    for name, trigger in sorted(functions.items()):
        print(f"  {name} ({trigger})")
    print("Carrying a hire through it …", flush=True)
    print(carry_through(scratch))
    return functions


def app_files(app: Path) -> list[str]:
    """Return the files that .funcignore leaves, as `func azure functionapp publish` would upload them."""
    spec = pathspec.GitIgnoreSpec.from_lines((ROOT / ".funcignore").read_text(encoding="utf-8").splitlines())
    return sorted(_walk(app, app, spec))


def _walk(app: Path, folder: Path, spec: pathspec.GitIgnoreSpec) -> Iterator[str]:
    for entry in folder.iterdir():
        name = entry.relative_to(app).as_posix()
        if entry.is_dir():
            if not spec.match_file(f"{name}/"):
                yield from _walk(app, entry, spec)
        elif not spec.match_file(name):
            yield name


def install(requirements: Path, target: Path) -> None:
    """Install what `requirements` pins into `target`, every file checked against its hash."""
    _run([sys.executable, "-m", "pip", "install", *_QUIET, "--require-hashes", "-r", requirements, "--target", target])


_QUIET = ("-qq", "--disable-pip-version-check", "--no-compile", "--no-warn-conflicts")


def refuse_strangers(packages: Path) -> None:
    """Fail if a development dependency has come along.

    Raises:
        PackageError: see there.
    """
    development = pins(ROOT / "requirements-dev.txt").keys() - pins(ROOT / "requirements.txt").keys()
    inside = {_canonical(str(one.name)) for one in distributions(path=[str(packages)])}
    if inside & development:
        names = ", ".join(sorted(inside & development))
        raise PackageError(f"development packages are inside: {names}. Take them out of requirements.in; run make lock")


def print_sizes(packages: Path) -> None:
    """Print how much each dependency weighs, unpacked."""
    sizes = {str(one.name): _size(one) for one in distributions(path=[str(packages)])}
    shown = sorted(sizes.items(), key=lambda item: -item[1])
    for name, size in shown[:_LARGEST_SHOWN]:
        print(f"  {size / 1e6:8.1f} MB  {name}")
    rest = sum(size for _, size in shown[_LARGEST_SHOWN:])
    print(f"  {rest / 1e6:8.1f} MB  {max(0, len(shown) - _LARGEST_SHOWN)} others")
    print(f"  {sum(sizes.values()) / 1e6:8.1f} MB  unpacked, all {len(sizes)} dependencies")


def _size(one: Distribution) -> int:
    files = (Path(str(file.locate())) for file in one.files or ())
    return sum(file.stat().st_size for file in files if file.is_file())


def write_zip(stage: Path, out: Path) -> None:
    """Zip the folder `stage`; the same content always gives the same bytes."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        for file in sorted(path for path in stage.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(stage).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())


def load(archive: Path, scratch: Path) -> Mapping[str, str]:
    """Unpack `archive`, load it with the worker in a fresh environment without settings, return its functions.

    Raises:
        PackageError: it does not load, or has no functions.
    """
    print("Loading the zip with Microsoft's worker in a clean environment …", flush=True)
    unpacked, environment = scratch / "unpacked", scratch / "environment"
    shutil.rmtree(scratch / "stage", ignore_errors=True)
    with zipfile.ZipFile(archive) as content:
        content.extractall(unpacked)
    venv.create(environment, with_pip=False, symlinks=True)
    site = next((environment / "lib").glob("python3.*")) / "site-packages"
    needed = scratch / "worker.txt"
    needed.write_text("".join(worker_requirements()), encoding="utf-8")
    install(needed, site)
    script = shutil.copy(ROOT / "tools" / "load_app.py", scratch / "load_app.py")
    done = subprocess.run(
        [environment / "bin" / "python", "-I", script],
        cwd=unpacked,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise PackageError(f"the worker cannot load it:\n{done.stderr[-4000:]}")
    functions: dict[str, str] = json.loads(done.stdout.splitlines()[-1])["functions"]
    if not functions:
        raise PackageError("the worker loaded it and found no function")
    return functions


def carry_through(scratch: Path) -> str:
    """Carry a hire through what `load` has unpacked, in the environment it has made; return what came of it.

    Raises:
        PackageError: it came to a halt on the way.
    """
    unpacked, python = scratch / "unpacked", scratch / "environment" / "bin" / "python"
    try:
        return carry(unpacked, python, unpacked / PACKAGES)
    except (AssertionError, StartError, StorageMissingError) as error:
        raise PackageError(f"a hire could not be carried through it: {error}") from error


def worker_requirements() -> Iterable[str]:
    """Return the pinned lines of the worker library and what it needs beside the app's own packages."""
    pinned = pins(ROOT / "requirements.txt") | pins(ROOT / "requirements-dev.txt")
    wanted, seen = [WORKER], set[str]()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            wanted += _needs(name)
    return [pinned[name] for name in sorted(seen)]


def _needs(name: str) -> list[str]:
    requires = Distribution.from_name(name).requires or []
    return [_canonical(re.split(r"[^\w.-]", text)[0]) for text in requires if "extra ==" not in text]


def pins(requirements: Path) -> dict[str, str]:
    """Return each pinned requirement with its hashes, by canonical name."""
    text = re.sub(r"^\s*#.*\n", "", requirements.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = re.findall(r"^\S(?:.*\\\n)*.*\n", text, flags=re.MULTILINE)
    return {_canonical(re.split(r"[=\[ ]", entry)[0]): entry for entry in entries}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _run(command: Iterable[str | Path]) -> None:
    done = subprocess.run([str(part) for part in command], check=False)
    if done.returncode != 0:
        raise PackageError("pip could not install; its own words are above")


if __name__ == "__main__":
    sys.exit(main())
