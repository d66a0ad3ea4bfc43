"""The pages have an entry for all that the code may tell people, and lead nowhere into the void."""

import shutil
from pathlib import Path

import pytest

from tools.check_docs import ALERTS, RUNBOOK, UPGRADE, alerts, build_findings, page_findings
from tools.infra.tree import ROOT, Tree


def test_the_pages_are_complete() -> None:
    """Every reason, alert and permission has its entry, and every page that is named exists."""
    assert list(page_findings(Tree())) == []


@pytest.mark.parametrize(
    ("path", "right", "wrong", "said"),
    [
        (RUNBOOK, "| `not-issued` |", "| `never-issued` |", "the reason not-issued has no entry. Add one"),
        (RUNBOOK, "| `not-issued` |", "| `never-issued` |", "there is no reason never-issued. Take its entry out"),
        (RUNBOOK, "### poisoned\n", "### poison\n", "the alert poisoned has no entry. Add one"),
        (ALERTS, "name: 'not-alive'\n", "name: 'dead'\n", "the alert dead has no entry. Add one"),
        (ALERTS, "name: 'near-expiry'\n", "name: 'expiry'\n", "the alert expiry has no entry. Add one"),
        (ALERTS, "name: 'failing'\n", "name: 'fails'\n", "the alert fails has no entry. Add one"),
        (UPGRADE, "which is 6 now", "which is 5 now", "rows are of schema 6 now. Say so"),
        ("docs/permissions.md", "| `User.Read.All` | who", "| `User.ReadWrite.All` | who", "has not the row"),
        ("infra/app/vault.bicep", "no row is believed.'", "see docs/vault.md'", "sends people to docs/vault.md"),
    ],
)
def test_what_is_missing_is_said(path: str, right: str, wrong: str, said: str) -> None:
    """One entry that is missing or stale is told, with what to do."""
    findings = list(page_findings(Tree().with_text(path, right, wrong)))
    assert any(said in finding for finding in findings), findings


def test_somebody_is_woken_for_each_of_these() -> None:
    """No alert goes away with nobody noticing: the sweep, poison, waits, refusals, forgeries, locks, what expires."""
    wanted = {"not-alive", "sweep-old", "poisoned", "waiting", "refused-tokens", "forged-principals"}
    assert wanted | {"locked-hand-overs", "near-expiry", "row-altered"} <= alerts(Tree())


def test_a_dead_link_fails_the_build(tmp_path: Path) -> None:
    """A link to a page or a heading that is not there is told with its place."""
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    page = tmp_path / "docs" / "cost.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[a](nowhere.md) [b](deploy.md#no-such)\n", encoding="utf-8")
    (finding,) = build_findings(tmp_path)
    assert "'cost.md' contains a link 'nowhere.md'" in finding
    assert "does not contain an anchor '#no-such'" in finding
