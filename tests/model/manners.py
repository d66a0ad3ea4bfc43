"""What the app must never ask of Graph, kept as sentences."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.tenant.ports.passes import PassOrder, PassPolicy
from shared.tenant.ports.people import Account

MAY_STILL_BE_DONE = timedelta(seconds=40)
"""An unanswered request may be carried out so late; the app waits for longer, from before it was sent."""


@dataclass(slots=True)
class Manners:
    """Hears each request about passes; `wrongs` are those that should not have been."""

    wrongs: list[str] = field(default_factory=list)
    _looked_at: set[str] = field(default_factory=set)
    _unanswered: dict[str, datetime] = field(default_factory=dict)

    def looks(self, user: str) -> None:
        """Somebody was looked at."""
        self._looked_at.add(user)

    def asks(self, user: str, now: datetime) -> None:
        """A pass is asked for: each request after a look of its own, and never while another may yet be done."""
        if user not in self._looked_at:
            self.wrongs.append("a pass was asked for without a look at what there is")
        if user in self._unanswered and now < self._unanswered[user] + MAY_STILL_BE_DONE:
            self.wrongs.append("a pass was asked for while the request before it may still be carried out")
        self._looked_at.discard(user)
        self._unanswered[user] = now

    def is_answered(self, user: str) -> None:
        """It is known what became of it."""
        del self._unanswered[user]

    def may_ask(self, account: Account | None, order: PassOrder, rules: PassPolicy, now: datetime) -> None:
        """See that such a pass may be asked for, for such an account (None: one that may have none)."""
        if account is None or not account.enabled:
            self.wrongs.append("a pass was asked for, for an account that may have none")
        if not rules.minimum_lifetime <= order.lifetime <= rules.maximum_lifetime:
            self.wrongs.append(f"a pass of {order.lifetime} minutes was asked for, against the policy")
        if order.start is not None and order.start < now - timedelta(minutes=1):
            self.wrongs.append("a pass was asked for that begins in the past")
