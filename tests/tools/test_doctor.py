"""The check-up as a command."""

from tests.demo.test_readme import ROOT
from tools.doctor.page import page


def test_the_page_says_what_the_checks_are() -> None:
    """What people read is what is checked; `python -m tools.doctor.page > docs/check-up.md` writes it."""
    assert (ROOT / "docs/check-up.md").read_text(encoding="utf-8") == page()
