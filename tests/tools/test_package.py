"""The package holds what is deployed, and nothing else."""

from pathlib import Path

import pytest

from tools import package


def test_only_the_app_is_packaged() -> None:
    """Of this project's own folder only the app, its settings for the platform and its dependencies' list remain."""
    roots = {name.partition("/")[0] for name in package.app_files(package.ROOT)}
    assert roots == {"function_app.py", "host.json", "requirements.txt", "functions", "shared"}


def test_unknown_folders_stay_behind(tmp_path: Path) -> None:
    """A folder that nobody thought of is left out; data files of the app are kept, caches are not."""
    for name in (
        "shared/handover/pages/page.html",
        "shared/__pycache__/x.pyc",
        "sandbox/a.py",
        "notes/b.py",
        "function_app.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert package.app_files(tmp_path) == ["function_app.py", "shared/handover/pages/page.html"]


def test_development_package_inside_is_refused(tmp_path: Path) -> None:
    """A development dependency among the installed packages ends the packaging."""
    info = tmp_path / "pytest-9.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pytest\nVersion: 9.0\n", encoding="utf-8")
    with pytest.raises(package.PackageError, match=r"are inside: pytest\. Take them out"):
        package.refuse_strangers(tmp_path)


def test_every_dependency_is_pinned_with_hashes() -> None:
    """Each requirement of either file names one version and at least one hash."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        for entry in package.pins(package.ROOT / name).values():
            assert "==" in entry
            assert "--hash=sha256:" in entry


def test_worker_brings_only_what_it_needs() -> None:
    """The clean environment holds the worker library and its own dependencies, not the app's."""
    names = {line.partition("==")[0] for line in package.worker_requirements()}
    assert "azure-functions-runtime" in names
    assert not names & {"msgraph-sdk", "aiohttp", "pytest"}
