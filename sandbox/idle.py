"""Waiting until a world has come to rest."""

import time

from sandbox.hosts import Hosts
from sandbox.storage import Storage

_LOOK_AGAIN = 0.04
_PATIENCE = 0.05
_HOSTS_PATIENCE = 1.0
_LONGEST_PAUSE = 0.5
"""Seconds. Whoever has waited long can wait a twentieth longer: looking costs what it looks at."""
_FIRST_CALL, _CALL_AGAIN = 0.25, 1.0
"""Seconds after which hosts are told to look: of what they sent themselves they know when it is to be taken."""


class NotIdleError(Exception):
    """The world was still at work at the deadline; the text says with what."""


def await_idle(hosts: Hosts, storage: Storage, seconds: float) -> None:
    """Wait until no message is left, delayed ones included, and no host runs or is about to run anything.

    Raises:
        NotIdleError: see there; at once if messages are left and no host runs.
    """
    began = time.monotonic()
    call_after = _FIRST_CALL
    while not is_idle(hosts, storage):
        running = len(hosts.running())
        waited = time.monotonic() - began
        if waited > call_after:
            hosts.look()
            call_after = waited + _CALL_AGAIN
        if waited > seconds or not running:
            left, (busy, _) = storage.messages_left(), hosts.work()
            raise NotIdleError(f"{left} messages are left and {busy} things at work, {running} hosts running")
        time.sleep(min(max(_LOOK_AGAIN, waited * _PATIENCE), _LONGEST_PAUSE))


def is_idle(hosts: Hosts, storage: Storage) -> bool:
    """Tell whether no message is left, delayed ones included, and no host runs or is about to run anything."""
    before = hosts.work(_HOSTS_PATIENCE)
    if before[0] or storage.holds_messages():
        return False
    # Nothing may have begun between the looks, else a message could have moved behind our back.
    return hosts.work() == before
