"""Faults a test asks for: what to do to the next matching requests."""

import itertools
import re
from dataclasses import dataclass, replace
from urllib.parse import unquote_plus

from sandbox.tenant.state import Json

KINDS = ("status", "reset", "slow", "silent", "commit-then-timeout", "commit-then-status", "commit-late", "malformed")
_WITH_STATUS = {"status", "commit-then-status"}
_USUAL_SECONDS = {"slow": 2.0, "commit-late": 120.0}
FIELDS = frozenset({"method", "path", "trace", "kind", "status", "code", "retryAfter", "seconds", "after", "times"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule. `path` is searched in the percent-decoded path and query; `times` 0 is for ever.

    `trace` is searched in the header `client-request-id`. `after`: how many requests that are meant go by unharmed.
    `seconds`: how long `slow` waits, how long `silent` and `commit-then-timeout` hold the connection at most, and how
    much later, by the sandbox's clock, `commit-late` does the work, whoever has given up by then.
    """

    id: int
    method: str | None
    path: str
    trace: str
    kind: str
    status: int
    code: str
    retry_after: float | None
    seconds: float
    after: int
    times: int

    def hits(self, method: str, path_and_query: str, trace: str) -> bool:
        """Tell whether a request is one of those meant."""
        fits = self.method in {None, method} and re.search(self.trace, trace) is not None
        return fits and re.search(self.path, unquote_plus(path_and_query)) is not None

    def as_json(self) -> Json:
        """Show the rule with what is left of it."""
        return {"id": self.id, "method": self.method, "path": self.path, "kind": self.kind, "times": self.times}


class Faults:
    """The rules in force, first one first."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._ids = itertools.count(1)

    def add(self, body: Json) -> Fault:
        """Read and add a rule; ValueError says what is wrong with it."""
        unknown = set(body) - FIELDS
        kind = body.get("kind")
        if unknown or kind not in KINDS:
            raise ValueError(f"unknown fields {sorted(unknown)} or kind {kind!r}; kinds are {', '.join(KINDS)}")
        if kind in _WITH_STATUS and not isinstance(body.get("status"), int):
            raise ValueError(f"kind {kind} needs a status")
        retry_after, method = body.get("retryAfter"), body.get("method")
        rule = Fault(
            id=next(self._ids),
            method=str(method).upper() if method else None,
            path=re.compile(str(body.get("path", ""))).pattern,
            trace=re.compile(str(body.get("trace", ""))).pattern,
            kind=kind,
            status=int(body.get("status", 500)),
            code=str(body.get("code", "ServiceUnavailable" if int(body.get("status", 500)) >= 500 else "sandboxFault")),  # noqa: PLR2004
            retry_after=None if retry_after is None else float(retry_after),
            seconds=float(body.get("seconds", _USUAL_SECONDS.get(kind, 120))),
            after=int(body.get("after", 0)),
            times=int(body.get("times", 1)),
        )
        self._rules.append(rule)
        return rule

    def take(self, method: str, path_and_query: str, trace: str) -> Fault | None:
        """Return the first rule that hits this request and count it down."""
        for index, rule in enumerate(self._rules):
            if not rule.hits(method, path_and_query, trace):
                continue
            if rule.after:
                self._rules[index] = replace(rule, after=rule.after - 1)
                continue
            if rule.times == 1:
                del self._rules[index]
            elif rule.times > 1:
                self._rules[index] = replace(rule, times=rule.times - 1)
            return rule
        return None

    def list(self) -> list[Json]:
        """Show the rules still in force."""
        return [rule.as_json() for rule in self._rules]

    def clear(self) -> None:
        """Drop all rules."""
        self._rules.clear()
