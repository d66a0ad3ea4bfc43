"""Nothing of this machine is committed."""

import subprocess
from pathlib import Path

import pytest

from tools import check_tree


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty repository that the check looks at."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.setattr(check_tree, "ROOT", tmp_path)
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.corp.example/simple")
    return tmp_path


def _commit(tree: Path, name: str, text: str) -> None:
    (tree / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "-C", tree, "add", name], check=True)


def test_clean_tree_passes(tree: Path) -> None:
    """A tree without such traces is accepted."""
    _commit(tree, "README.md", "Run `make demo`; see https://example.com/simple.\n")
    _commit(tree, "requirements.txt", "a==1 \\\n    --hash=sha256:00\n")
    assert check_tree.main() == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.md", "from https://packages.corp.example/simple"),
        ("requirements.txt", "--index-url https://elsewhere.example/simple\n"),
        ("requirements-dev.txt", "a @ https://elsewhere.example/a.whl\n"),
        ("package-lock.json", '{"resolved": "https://elsewhere.example/a.tgz"}'),
    ],
)
def test_trace_of_a_registry_is_found(tree: Path, name: str, text: str) -> None:
    """A host that this machine gets packages from, in whatever file, fails the check."""
    _commit(tree, name, text)
    assert check_tree.main() == 1


def test_path_of_this_machine_is_found(tree: Path) -> None:
    """A path into the working copy or the home folder fails the check."""
    _commit(tree, "a.py", f"open('{tree}/data')")
    assert check_tree.main() == 1
