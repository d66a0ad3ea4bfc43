"""Random lives of several hires at once, in the real world: the model's principles, seen from outside."""

import sys
from random import Random

import pytest

from tests.doorways.real_lives import Lives
from tests.doorways.story import Story

HIRES = ("amelie-brandt", "jonas-keller", "zofia-nowak", "grace-nguyen", "diego-ramirez")
INSTANTS = (
    "2030-05-31T14:01:00Z",  # the notice in Berlin
    "2030-06-03T05:16:00Z",  # the link
    "2030-06-03T05:22:00Z",  # the pass
    "2030-06-03T05:31:00Z",  # the window
    "2030-06-03T06:05:00Z",  # it is valid
    "2030-06-03T13:35:00Z",  # the window in Denver, and Berlin's afternoon
    "2030-06-03T16:30:00Z",  # Berlin is over
)
"""Where much can go wrong for somebody."""


@pytest.mark.parametrize(
    "seed",
    [1, *(pytest.param(seed, marks=pytest.mark.torture) for seed in range(2, 22))],
)
def test_the_principles_hold_in_lives_side_by_side(story: Story, seed: int, capfd: pytest.CaptureFixture[str]) -> None:
    """Events, requests, collections and faults, in any order: one right pass for each, or none and a reason."""
    lives = Lives(story, Random(seed))  # noqa: S311 - a life, no secret
    lives.begin(HIRES)
    try:
        for instant in INSTANTS:
            lives.round(instant)
        lives.rest()
    except Exception as error:
        error.add_note("\n".join(["The story:", *lives.told]))
        raise
    with capfd.disabled():
        counts = f"{len(HIRES)} lives side by side, {sum(lives.seen.values())} events: {dict(lives.seen)}"
        sys.stderr.write(f"\nseed {seed}: {counts}\n")
    sys.stderr.write("\n".join(["The story:", *lives.told, ""]))
