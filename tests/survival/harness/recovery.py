"""What a dead worker leaves: the messages it held, out of sight, and work that a fresh one has to find and finish."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.world import World

OUT_OF_SIGHT = timedelta(minutes=10)
"""So long the platform hides a message that a worker has taken, from when it took it."""
MOST_AT_ONCE = 32


@dataclass(slots=True)
class Recovery:
    """Of one way: `took` is, for each death, the world's time from the fresh worker's start until its work was done.

    What the dead worker held stays away, so that the sweep alone brings the work back; with `by_message` no sweep
    runs, and the message comes back when the platform shows it again.
    """

    world: World
    by_message: bool = False
    took: list[timedelta] = field(default_factory=list)
    _held: list[str] = field(default_factory=list)
    _taken_at: datetime = field(init=False, repr=False)
    _fresh_since: datetime | None = None

    def goes_by_message(self) -> bool:
        """Tell whether a message is to come back, and nothing else to bring the work on."""
        return self.by_message and bool(self._held)

    def taking(self) -> None:
        """Note that messages are sent, and taken at once."""
        self._taken_at = self._now()

    def put_aside(self) -> None:
        """Take out of sight what the dead worker held; what it had not taken stays where it is."""
        for name in self.world.storage.queues:
            queue = self.world.storage.queue(name)
            waiting = [message.content for message in queue.peek_messages(max_messages=MOST_AT_ONCE)]
            if self.world.storage.count(name) > len(waiting):
                self._held.append(name)
            queue.clear_messages()
            for text in waiting:
                queue.send_message(text)

    def begin(self) -> None:
        """Note that a fresh worker has started."""
        self._fresh_since = self._now()

    def show_again(self, onboarding: str) -> None:
        """Let ten minutes go by since the dead worker took its messages, and show them again."""
        self.world.set_clock((self._taken_at + OUT_OF_SIGHT).isoformat().replace("+00:00", "Z"))
        while self._held:
            self.world.storage.queue(self._held.pop()).send_message(onboarding)

    def done(self, *, was_a_chore: bool = False) -> None:
        """Note that the work is done which the fresh worker found, if one had to be started.

        `was_a_chore`: no pass waits for it, so that it does not count how long it took.
        """
        if self._fresh_since is not None and not was_a_chore:
            self.took.append(self._now() - self._fresh_since)
        self._fresh_since = None
        self._held.clear()

    def _now(self) -> datetime:
        return datetime.fromisoformat(self.world.now())
