"""The verdict on a device: total, closed, and never ready by what is not known."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.websignin.builds import Build, shows_web_sign_in
from shared.websignin.readiness import (
    ADVICE,
    SEEN_WITHIN,
    Applied,
    DeviceFacts,
    Gap,
    Join,
    Obstacle,
    Reach,
    State,
    Told,
    Unlearned,
    Verdict,
    unready,
    verdict,
)

NOW = datetime(2030, 5, 31, 10, tzinfo=UTC)
READY = DeviceFacts(
    windows=Told(True),
    join=Told(Join.ENTRA),
    enabled=Told(True),
    build=Told(Build(22621, 2361)),
    managed=Told(True),
    seen=Told(NOW - SEEN_WITHIN),
    reach=Told(Reach.IN_SCOPE),
    applied=Told(Applied.SUCCEEDED),
)
ONE_WRONG: tuple[tuple[str, Any, Obstacle | Gap], ...] = (
    ("windows", False, Obstacle.NOT_WINDOWS),
    ("join", Join.HYBRID, Obstacle.HYBRID_JOINED),
    ("join", Join.REGISTERED, Obstacle.ONLY_REGISTERED),
    ("enabled", False, Obstacle.DEVICE_DISABLED),
    ("build", Build(22621, 2360), Obstacle.BUILD_TOO_OLD),
    ("build", Build(19045, 4000), Obstacle.BUILD_TOO_OLD),
    ("build", Build(22621, None), Gap.NOT_SHOWN),
    ("managed", False, Obstacle.NOT_MANAGED),
    ("seen", NOW - SEEN_WITHIN - timedelta(seconds=1), Obstacle.NOT_SEEN_LATELY),
    ("reach", Reach.OUTSIDE, Obstacle.OUTSIDE_SCOPE),
    ("reach", Reach.EXCLUDED, Obstacle.EXCLUDED),
    ("reach", Reach.UNCLEAR, Gap.SCOPE_UNCLEAR),
    ("reach", Reach.NO_PROFILE, Obstacle.PROFILE_UNUSABLE),
    ("applied", Applied.PENDING, Gap.PROFILE_PENDING),
    ("applied", Applied.FAILED, Obstacle.PROFILE_NOT_APPLIED),
)
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "windows": st.booleans(),
    "join": st.sampled_from(Join),
    "enabled": st.booleans(),
    "build": st.builds(Build, st.integers(10_000, 30_000), st.none() | st.integers(0, 9_999)),
    "managed": st.booleans(),
    "seen": st.timedeltas(timedelta(0), timedelta(days=90)).map(lambda ago: NOW - ago),
    "reach": st.sampled_from(Reach),
    "applied": st.sampled_from(Applied),
}
unlearned = st.builds(Unlearned, st.sampled_from(Gap), st.text(max_size=5))
whatever = st.builds(DeviceFacts, **{name: st.builds(Told, value) | unlearned for name, value in VALUES.items()})


def test_with_everything_in_order_a_device_is_ready() -> None:
    """Also where Intune does not report of the profile yet, or the app still brings the device into scope."""
    assert verdict(READY, NOW) == Verdict(State.READY)
    assert verdict(replace(READY, applied=Told(Applied.SILENT), reach=Told(Reach.TO_COME)), NOW).state is State.READY


@pytest.mark.parametrize(("name", "value", "why"), ONE_WRONG)
def test_one_thing_wrong_is_named(name: str, value: object, why: Obstacle | Gap) -> None:
    """With the detail that came with the fact, for people; an obstacle outweighs any gap."""
    facts = replace(READY, **{name: Told(value, "so it is")})
    assert verdict(facts, NOW) == unready(why, "so it is")
    if isinstance(why, Obstacle):
        forgotten = next(field.name for field in fields(READY) if field.name != name)
        assert verdict(replace(facts, **{forgotten: Unlearned(Gap.NOT_SHOWN)}), NOW) == unready(why, "so it is")


@given(whatever)
def test_a_device_is_ready_only_by_facts(facts: DeviceFacts) -> None:
    """Whatever is known: a verdict with a reason of its own kind and advice, or ready with no fact unlearned."""
    found = verdict(facts, NOW)
    match found.state:
        case State.READY:
            assert found == Verdict(State.READY)
            assert all(isinstance(getattr(facts, field.name), Told) for field in fields(facts))
        case State.NOT_READY:
            assert isinstance(found.reason, Obstacle)
            assert ADVICE[found.reason]
        case State.UNKNOWN:
            assert isinstance(found.reason, Gap)
            assert ADVICE[found.reason]


@given(whatever, st.sampled_from([field.name for field in fields(DeviceFacts)]), unlearned)
def test_to_know_less_never_makes_a_device_better(facts: DeviceFacts, name: str, gap: Unlearned) -> None:
    """One fact forgotten: ready becomes unknown, and what is not ready stays so or becomes unknown."""
    before, after = verdict(facts, NOW).state, verdict(replace(facts, **{name: gap}), NOW).state
    allowed = {State.NOT_READY: {State.NOT_READY, State.UNKNOWN}}
    assert after in allowed.get(before, {State.UNKNOWN})


@pytest.mark.parametrize(
    ("version", "build", "recent"),
    [
        ("10.0.22621.2361", Build(22621, 2361), True),
        ("10.0.22621.2360", Build(22621, 2360), False),
        ("10.0.22621.10000", Build(22621, 10000), True),
        ("10.0.22631.1", Build(22631, 1), True),
        ("10.0.26100", Build(26100, None), True),
        ("10.0.22621", Build(22621, None), None),
        ("10.0.19045.9999", Build(19045, 9999), False),
        ("10.0.9600.1", Build(9600, 1), False),
    ],
)
def test_builds_are_compared_as_numbers(version: str, build: Build, recent: bool | None) -> None:
    """Not as text; and where the revision decides and is not told, nothing is decided."""
    assert Build.read(version) == build
    assert shows_web_sign_in(build) is recent


@given(
    st.text(max_size=20) | st.sampled_from(["", "22621.2361", "10.0.22621.2361-beta", "11.0.22621.2361", "10.0.٢٢٦٢١"])
)
def test_what_is_no_version_of_windows_is_no_build(version: str) -> None:
    """Whatever is read as a build is written as it was read."""
    build = Build.read(version)
    assert build is None or version.strip().removeprefix("10.0.").lstrip("0").startswith(str(build.number))


def test_the_page_has_every_reason_with_what_to_do() -> None:
    """What people read is what is told."""
    page = (Path(__file__).parents[3] / "docs/device-readiness.md").read_text(encoding="utf-8")
    assert [one for one in (*Obstacle, *Gap) if f"| `{one}` | {ADVICE[one]} |" not in page] == []
