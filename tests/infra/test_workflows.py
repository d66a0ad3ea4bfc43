"""Workflows run nothing that can change under us, and a release says what it changes."""

import pytest

from tools.check_workflows import pin_findings
from tools.infra.tree import ROOT, Tree
from tools.release_notes import notes

CI, RELEASE, DEPLOY = (f".github/workflows/{name}.yml" for name in ("ci", "release", "deploy"))
DEPENDENCIES = "actions/dependency-review-action"
COMMIT = "2031cfc080254a8a887f58cffee85186f0e49e48"


def test_every_action_is_pinned_by_commit() -> None:
    """Each use names a commit, and beside it the version for people."""
    assert list(pin_findings(Tree())) == []


@pytest.mark.parametrize(
    ("file", "does"),
    [
        (CI, 'python: ["3.13", "3.14"]'),
        (CI, "run: bash .ci/run"),
        (CI, "uses: actions/dependency-review-action@"),
        (CI, "run: make audit"),
        ("Makefile", "pip-audit --strict"),  # else what could not be looked up counts as harmless
        (RELEASE, "run: make package sbom release-notes"),
        (RELEASE, "uses: actions/attest-build-provenance@"),
        (RELEASE, "uses: actions/attest-sbom@"),
        (DEPLOY, "environment: ${{ inputs.environment }}"),
        (DEPLOY, "id-token: write"),
        (DEPLOY, "gh attestation verify day-one-pass.zip"),
        (DEPLOY, 'remote-build: "false"'),
        (DEPLOY, 'run: python3 tools/smoke.py "$APP_ADDRESS" "$TENANT_ID"'),
    ],
)
def test_the_pipeline_does_what_the_pages_say(file: str, does: str) -> None:
    """Both Pythons, known weaknesses, parts list and proof of the build; a deployment without a stored credential."""
    assert does in (ROOT / file).read_text(encoding="utf-8")


def test_no_workflow_knows_a_secret() -> None:
    """Azure trusts the repository and its environment, so there is nothing to be stolen."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").iterdir()]
    assert not any("secrets." in text for text in texts)


def test_every_update_waits_a_week() -> None:
    """Packages of both languages, actions and the dev container's features alike."""
    updates = (ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8").split("- package-ecosystem: ")[1:]
    assert {update.split()[0] for update in updates} == {"pip", "npm", "github-actions", "devcontainers"}
    assert all("default-days: 7\n" in update for update in updates)


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
