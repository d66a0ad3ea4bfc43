"""How often the services behind Graph answer: which limits one request counts against.

The numbers are Microsoft's, for the settings catalog and for managed devices; whatever else of Intune is asked here has
those of the settings catalog, for no page names it.
https://learn.microsoft.com/graph/throttling-limits
"""

from collections.abc import Iterator

from sandbox.tenant.graph.routes import Route
from sandbox.tenant.state import Knobs
from sandbox.tenant.throttle import Limit

_INTUNE_WINDOW = 20.0
_TWICE_AS_MANY = frozenset({"managedDevices"})


def limits_of(route: Route, app: str, knobs: Knobs) -> Iterator[Limit]:
    """Yield the limits of a request by an app: Intune's for itself, and twice as much for all apps of the tenant."""
    if route.family == "authentication":
        yield Limit(f"authentication, {app}", knobs.throttle_limit, knobs.throttle_window)
    elif route.family == "intune":
        service = route.segments[1]
        each = 2 if service in _TWICE_AS_MANY else 1
        for who, share in ((app, each), ("all apps", 2 * each)):
            yield Limit(f"{service}, {who}", share * knobs.intune_limit, _INTUNE_WINDOW)
            if route.writes:
                yield Limit(f"writes of {service}, {who}", share * knobs.intune_writes, _INTUNE_WINDOW)
