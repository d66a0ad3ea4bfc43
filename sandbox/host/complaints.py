"""One line in the log for a fault that lasts, instead of one at every look, and none for storage that is coming up."""

import logging
import time
from dataclasses import dataclass

_LOG = logging.getLogger("sandbox.host")
_PATIENCE = 5.0


@dataclass(slots=True)
class Complaints:
    """Keeps account of one thing that is tried again and again, named by `subject`."""

    subject: str
    _since: float | None = None
    _said: str = ""

    def failed(self, error: Exception) -> None:
        """Note a failure; say it once it has lasted for some seconds, and again when its words change."""
        self._since = self._since or time.monotonic()
        text = str(error).partition("\n")[0]
        if text != self._said and time.monotonic() - self._since > _PATIENCE:
            _LOG.warning("%s: %s", self.subject, text)
            self._said = text

    def worked(self) -> None:
        """Note that it works again."""
        self._since, self._said = None, ""
