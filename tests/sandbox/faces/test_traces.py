"""The trace of a hire as a page: what happened when, in the order of time, each run at its own scale."""

from datetime import timedelta

import pytest

from sandbox.tenant.faces.waterfall import spoken, traces
from tests.sandbox.faces.conftest import page, way
from tests.sandbox.tenant.client import Client


def test_runs_stand_in_the_order_of_time_with_what_lies_between() -> None:
    """The event, a day later the step with its calls under it; a request that only passes by is no hire's."""
    (trace,) = traces(way())
    assert (trace.onboarding, trace.status) == ("a" * 25, "planned")
    event, notice = trace.runs
    assert [bar.label for bar in event.bars] == ["event: planned → planned"]
    assert (event.after, notice.after) == ("", "23 h 59 min")
    assert [(bar.label, bar.depth, bar.tone) for bar in notice.bars] == [
        ("process send-invite", 0, "plain"),
        ("GET /users/{user}", 1, "plain"),
        ("notice given → planned", 1, "bad"),
    ]
    assert [(bar.left, bar.width) for bar in notice.bars] == [(0, 100), (0, 50), (50, 25)]


def test_the_newest_hire_stands_first() -> None:
    """By when the trace began."""
    found = traces([*way(), *way(begun=5, onboarding="d" * 25, trace="e" * 32)])
    assert [trace.onboarding[0] for trace in found] == ["d", "a"]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(milliseconds=900), ""),
        (timedelta(seconds=61), "1 min 1 s"),
        (timedelta(days=2, minutes=3), "2 d 3 min"),
        (timedelta(seconds=-5), ""),
    ],
)
def test_what_lies_between_is_said_in_two_units(span: timedelta, words: str) -> None:
    """Nothing is said of what overlaps or follows at once."""
    assert spoken(span) == words


async def test_the_page_shows_the_way_of_the_chosen_hire(client: Client) -> None:
    """The newest unless another is chosen; after a reset there is nothing."""
    assert "Nothing was told yet" in await page(client, "/traces")
    told = [*way(), *way(begun=5, onboarding="d" * 25, trace="e" * 32)]
    assert (await client.send("POST", "/_sandbox/telemetry", json={"spans": told})).status == 200
    newest, chosen = await page(client, "/traces"), await page(client, "/traces", trace="b" * 32)
    assert f"<code>{'d' * 25}</code>" in newest
    assert f"<code>{'a' * 25}</code>" in chosen
    assert "notice given → planned" in chosen
    assert (await client.control("GET", "telemetry"))["spans"] == told
    assert (await client.send("POST", "/_sandbox/telemetry", json={"rumours": []})).status == 400
    await client.send("POST", "/_sandbox/reset", json={})
    assert "Nothing was told yet" in await page(client, "/traces")
