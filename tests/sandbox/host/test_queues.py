"""Queue functions take messages from real queues with the platform's own rules."""

import base64
import json
from typing import Any

from sandbox.world import World
from tests.sandbox.host.probe import Record

QUEUE = "probe-work"
POISON = "probe-work-poison"


def _send(world: World, order: dict[str, Any]) -> None:
    world.storage.queue(QUEUE).send_message(json.dumps(order))


def test_message_round_trip_in_base64(probe: World, record: Record) -> None:
    """A message sent as base64 text reaches the function decoded, once, with its dequeue count, and is gone after."""
    text = json.dumps({"text": "für Zoë"})
    probe.storage.raw_queue(QUEUE).send_message(base64.b64encode(text.encode()).decode())
    probe.wait_idle()
    assert [(entry["text"], entry["count"]) for entry in record.entries("work")] == [(text, 1)]


def test_plain_text_goes_to_poison_without_running(probe: World, record: Record) -> None:
    """A message that is no base64 is set aside as it is and no function sees it."""
    probe.storage.raw_queue(QUEUE).send_message('{"plain": true}')
    probe.wait_idle()
    assert record.entries("work") == []
    assert [one.content for one in probe.storage.raw_queue(POISON).peek_messages()] == ['{"plain": true}']


def test_failing_message_is_tried_again_then_set_aside(probe: World, record: Record) -> None:
    """A message whose function fails is tried maxDequeueCount times and then found in the poison queue."""
    _send(probe, {"fail": True})
    probe.wait_idle()
    assert [entry["count"] for entry in record.entries("work")] == [1, 2, 3]
    assert [json.loads(one.content) for one in probe.storage.queue(POISON).peek_messages()] == [{"fail": True}]


def test_messages_are_worked_on_at_the_same_time(probe: World, record: Record) -> None:
    """More than one message is at work at once, and never more than batch size plus threshold."""
    for n in range(12):
        _send(probe, {"n": n, "wait": 0.3})
    probe.wait_idle()
    steps = [(e["at"], 1) for e in record.entries("work")] + [(e["at"], -1) for e in record.entries("worked")]
    at_work, most = 0, 0
    for _, step in sorted(steps):
        at_work += step
        most = max(most, at_work)
    assert 2 <= most <= 4 + 2


def test_dead_workers_message_comes_back(probe: World, record: Record) -> None:
    """A worker killed in mid-message leaves it out of sight; after the invisibility a fresh worker takes it."""
    _send(probe, {"die": True})
    probe.hosts[0].child.process.wait(20)
    assert probe.storage.count(QUEUE) == 1
    probe.restart_host(extra_settings={"PROBE_SPARED": "1"})
    probe.wait_idle()
    assert [entry["count"] for entry in record.entries("work")] == [1, 2]
    assert len({entry["pid"] for entry in record.entries("work")}) == 2


def test_long_run_keeps_its_message(probe: World, record: Record) -> None:
    """A handler that runs longer than the invisibility is not given to a second one."""
    _send(probe, {"wait": 3.5})
    probe.wait_idle()
    assert len(record.entries("work")) == len(record.entries("worked")) == 1


def test_ordered_end_loses_no_message(probe: World, record: Record) -> None:
    """A host that is ended in order finishes what it has in hand, and the next one finds the rest."""
    for n in range(8):
        _send(probe, {"n": n, "wait": 0.2})
    probe.restart_host()
    probe.wait_idle()
    assert sorted(json.loads(entry["text"])["n"] for entry in record.entries("worked")) == list(range(8))
