"""Workflows run nothing that can change under us, and a release says what it changes."""

import pytest

from tools.check_workflows import pin_findings
from tools.infra.tree import Tree
from tools.release_notes import notes

CI = ".github/workflows/ci.yml"
DEPENDENCIES = "actions/dependency-review-action"
COMMIT = "2031cfc080254a8a887f58cffee85186f0e49e48"


def test_every_action_is_pinned_by_commit() -> None:
    """Each use names a commit, and beside it the version for people."""
    assert list(pin_findings(Tree())) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("v4 # v4.9.0", "can change under us. Pin it by the commit"),
        (f"{COMMIT[:12]} # v4.9.0", "can change under us. Pin it by the commit"),
        (COMMIT, "does not say its version. Write it behind the commit"),
    ],
)
def test_an_unpinned_action_is_found(wrong: str, said: str) -> None:
    """A tag, half a commit, or a commit that tells people nothing is told, with what to do."""
    tree = Tree().with_text(CI, f"{DEPENDENCIES}@{COMMIT} # v4.9.0", f"{DEPENDENCIES}@{wrong}")
    findings = list(pin_findings(tree))
    assert len(findings) == 1
    assert said in findings[0]


def test_release_notes_are_the_section_of_the_version() -> None:
    """The section of the tag's version and no other; none where it is missing or empty."""
    changelog = "# Changelog\n\n## 1.2.0 – soon\n\n- new\n  and good\n\n## 1.1.0\n\n- old\n\n## 1.0.0\n"
    assert notes(changelog, "v1.2.0") == "- new\n  and good"
    assert notes(changelog, "1.1.0") == "- old"
    assert notes(changelog, "v1.0.0") is None
    assert notes(changelog, "v1.2") is None
    assert notes(changelog, "v9.9.9") is None
