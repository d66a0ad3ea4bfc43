"""The port: where the product says what it does. Nobody listens unless `pipelines` was given an exporter.

As with logging there is one for the process, so that what is told need not be handed through every signature; and
telling costs next to nothing where nobody listens.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from enum import Enum, auto
from typing import Protocol

from shared.runtime.telemetry.metrics import Metric
from shared.runtime.telemetry.vocabulary import Attributes

type Note = Callable[[Attributes], None]
"""Adds attributes to a span that is open."""


class Kind(Enum):
    """Which part a span has in its trace, as OpenTelemetry knows them."""

    INTERNAL = auto()
    SERVER = auto()
    CONSUMER = auto()
    CLIENT = auto()


class Listener(Protocol):
    """Who hears what the product says of its work. Nothing that it does fails, or changes, the work."""

    def span(self, name: str, kind: Kind, attributes: Attributes, about: str) -> AbstractContextManager[Note]:
        """Hear of a piece of work, from its beginning to its end, within the one that is open.

        `about`: an onboarding whose row will be read in the course of it, and whose trace it belongs to.
        """
        ...

    def transition(self, name: str, attributes: Attributes, trace: str) -> AbstractContextManager[str]:
        """Hear of the commit of a row that keeps this trace context (W3C traceparent); gives the one to be kept.

        A row without one gets a trace of its own, linked to the work in whose course it came about.
        """
        ...

    def row_read(self, onboarding: str, trace: str) -> None:
        """Hear which trace a row belongs to: work that is about it goes on there."""
        ...

    def add(self, metric: Metric, value: float, attributes: Attributes) -> None:
        """Hear a number."""
        ...


class Nobody:
    """Nobody listens."""

    def span(self, name: str, kind: Kind, attributes: Attributes, about: str) -> AbstractContextManager[Note]:  # noqa: ARG002
        """Hear nothing."""
        return nullcontext(_unheard)

    def transition(self, name: str, attributes: Attributes, trace: str) -> AbstractContextManager[str]:  # noqa: ARG002
        """Keep what the row has."""
        return nullcontext(trace)

    def row_read(self, onboarding: str, trace: str) -> None:
        """Hear nothing."""

    def add(self, metric: Metric, value: float, attributes: Attributes) -> None:
        """Hear nothing."""


def _unheard(_: Attributes) -> None:
    return


_listener: Listener = Nobody()


def listen(listener: Listener) -> None:
    """Let somebody hear all that is said from now on."""
    global _listener  # noqa: PLW0603 - one for the process, as the module says
    _listener = listener


def span(name: str, kind: Kind, attributes: Attributes, about: str = "") -> AbstractContextManager[Note]:
    """Tell of a piece of work; see `Listener`."""
    return _listener.span(name, kind, attributes, about)


def transition(name: str, attributes: Attributes, trace: str) -> AbstractContextManager[str]:
    """Tell of a commit; see `Listener`."""
    return _listener.transition(name, attributes, trace)


def row_read(onboarding: str, trace: str) -> None:
    """Tell which trace a row that was read belongs to."""
    _listener.row_read(onboarding, trace)


def add(metric: Metric, value: float = 1, attributes: Attributes | None = None) -> None:
    """Tell a number."""
    _listener.add(metric, value, attributes or {})
