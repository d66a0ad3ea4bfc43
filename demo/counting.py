"""What a hire costs, counted by those who are asked: the tenant's record of requests, the storage's access log."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sandbox.world import World

_GRAPH = (
    ("GET", r"/temporaryAccessPassMethods", "look for a live pass"),
    ("POST", r"/temporaryAccessPassMethods", "make the pass"),
    ("POST", r"/sendMail", "send a mail"),
    ("GET", r"/transitiveMemberOf", "read the hire's groups and roles"),
    ("GET", r"/roleManagement/directory/roleAssignments", "read active roles"),
    ("GET", r"/roleManagement/directory/roleEligib", "read eligible roles"),
    ("GET", r"/authenticationMethodsPolicy", "read the pass policy"),
    ("GET", r"/users/[^/?]+(\?|$)", "read account and manager"),
    ("GET", r"/users\?", "find the account"),
    ("GET", r"/groups/", "read the device group"),
    ("GET", r"/registeredDevices", "look for the hire's device"),
    ("GET", r"/configurationPolicies", "read the Web sign-in profile"),
    ("POST", r"/assign$", "write its assignments"),
    ("GET", r"/auditLogs/signIns", "read the sign-in log"),
)
_TRANSACTION, _READ, _LEASE = "transactions", "rows read", "leases, budget, index of people"
_SENT, _REMOVED, _STANDING = "hints sent", "hints removed", "standing"
_ACCOUNT = r"/devstoreaccount1/"
# In order; what the demonstration itself asks for (metadata, peeks) is named first, so that it is left out.
_STORAGE = (
    (r"GET \S+comp=metadata", None),
    (r"GET \S+peekonly", None),
    (rf"\w+ {_ACCOUNT}(sandboxhosttimers|leases\(PartitionKey='sweep')", _STANDING),
    (rf"GET {_ACCOUNT}[\w-]+/messages", _STANDING),
    (rf"GET {_ACCOUNT}onboardings\(\)", _STANDING),
    (rf"POST {_ACCOUNT}\$batch", _TRANSACTION),
    (rf"GET {_ACCOUNT}onboardings\(", _READ),
    (rf"\w+ {_ACCOUNT}(leases|people)", _LEASE),
    (rf"POST {_ACCOUNT}[\w-]+/messages", _SENT),
    (rf"DELETE {_ACCOUNT}[\w-]+/messages", _REMOVED),
)
_REQUEST = re.compile(r'"([A-Z]+ \S+) HTTP/')


@dataclass(slots=True)
class StorageCount:
    """Counts what storage is asked for while the app is at work for the hire; everything else is left out."""

    world: World
    counts: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def at_work(self, lumped: str | None = None) -> Iterator[None]:
        """Count what happens within the block; `lumped`: all under this name."""
        before = len(self._log())
        yield
        for request in _REQUEST.findall(self._log()[before:]):
            kind = storage_kind(request)
            if kind is not None:
                self.counts[lumped if lumped and kind != _STANDING else kind] += 1

    def for_the_hire(self) -> list[tuple[str, str]]:
        """Return rows of kind and number, with their total."""
        kinds = [kind for kind in self.counts if kind != _STANDING]
        rows = [(kind, str(self.counts[kind])) for kind in sorted(kinds, key=lambda kind: -self.counts[kind])]
        return [*rows, ("together", str(sum(self.counts[kind] for kind in kinds)))]

    def _log(self) -> str:
        return next(text for name, text in self.world.logs().items() if name.endswith("azurite"))


def storage_kind(request: str) -> str | None:
    """Name what a request to storage ("GET /path") is for; None: the demonstration's own.

    Standing is what the schedule and the queues ask for all the time, whether or not anybody is hired.
    """
    for pattern, kind in _STORAGE:
        if re.match(pattern, request):
            return kind
    return f"other: {request.split('?', maxsplit=1)[0]}"


def graph_kind(request: Mapping[str, Any]) -> str:
    """Name what a request to Graph is for."""
    for method, pattern, kind in _GRAPH:
        if request["method"] == method and re.search(pattern, request["path"]):
            return kind
    return f"{request['method']} {request['path'].split('?')[0]}"


def graph_rows(requests: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return rows of kind and number, with their total."""
    counts = Counter(graph_kind(request) for request in requests)
    return [*((kind, str(count)) for kind, count in counts.most_common()), ("together", str(counts.total()))]
