"""The one object that all doorways share: state, time, key and what is recorded."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.tenant.clock import TenantClock
from sandbox.tenant.faults import Faults
from sandbox.tenant.recorder import Recorder
from sandbox.tenant.seeding import fresh_state
from sandbox.tenant.state import TenantState
from sandbox.tenant.throttle import Throttle
from sandbox.tenant.told import Told

GRAPH = "https://graph.microsoft.com"


@dataclass(slots=True)
class Tenant:
    """A running stand-in. `base_url` is known once the socket is bound."""

    clock: TenantClock
    key: bytes = field(repr=False)
    identity_header: str = field(repr=False)
    base_url: str = ""
    state: TenantState = field(init=False, repr=False)
    faults: Faults = field(default_factory=Faults)
    throttle: Throttle = field(default_factory=Throttle)
    recorder: Recorder = field(default_factory=Recorder)
    told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self.state = fresh_state(self.clock.now())

    @property
    def audiences(self) -> frozenset[str]:
        """Return the audiences whose tokens Graph takes here."""
        return frozenset(form for url in (GRAPH, self.base_url) for form in (url, f"{url}/"))

    def reset(self, now: datetime | None, number: int) -> None:
        """Throw everything away and seed anew, at `now` if given. The clock may go back here, and only here."""
        if now is not None:
            self.clock.reset(now)
        self.state = fresh_state(self.clock.now(), number)
        self.faults.clear()
        self.throttle.clear()
        self.recorder.clear()
        self.told.clear()
