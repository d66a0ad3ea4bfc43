"""The model can fail: of every fault that is planted into the product, its usual run finds one broken principle."""

import sys

import pytest

from tests.model.lives import live
from tests.model.planted import PLANTED, Planted
from tests.model.planted_at_codes import PLANTED_AT_CODES


def story_of(fault: Planted) -> str:
    """Live the lives of one opening until a principle breaks; return which, and the story."""
    for happenings in fault.lives(fault.where):
        try:
            live(happenings)
        except AssertionError as broken:
            return "\n".join([str(broken), *broken.__notes__])
    return ""


@pytest.mark.parametrize("fault", PLANTED + PLANTED_AT_CODES, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found(
    fault: Planted, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Within the lives of one opening, by the principle it breaks, and told so that a person can follow."""
    fault.plant(monkeypatch)
    story = story_of(fault)
    broken, *told = story.splitlines() or [""]
    assert fault.breaks in broken, story or "not found"
    assert told[0] == "The story:"
    with capfd.disabled():
        sys.stderr.write(f"\n{fault.name}: {broken}; found in a life of {len(told) - 1} lines\n")
    sys.stderr.write(f"{story}\n")
