"""What may be written about a person's day: an onboarding's id, and nothing that names or lets in anybody.

The types of what is secret do not show it (`shared.handover.keys.secrets`). Behind them stand two filters: what of a
text looks like a key or an address is masked, in the product's own lines before any handler sees them, and in every
line that is exported. A pass is too short to be told from a word: that it stands in no text is for its type alone.
"""

import logging
import re
import traceback

CHATTY = ("azure", "httpx", "httpcore", "msgraph", "kiota", "urllib3", "msal", "opentelemetry")
"""These write addresses into the log, and Graph's addresses carry user names."""


OURS = logging.getLogger("day_one_pass")

MASK = "***"
_KEY = re.compile(r"(?<![\w-])(?!(?:[a-z_]+|[0-9a-f]+)(?![\w-]))[\w-]{40,}", re.ASCII)
"""As long as a link key (43 characters) or longer, and neither a name of Python's nor a digest."""
_ADDRESS = re.compile(r"[^\s@<>\"'=/:;,(\[]+@[^\s@<>\"'/:;,)\]]+")


def masked(text: str) -> str:
    """Mask what looks like a key, a token, a sealed pass, a mail address or a user principal name."""
    return _ADDRESS.sub(MASK, _KEY.sub(MASK, text))


class NamesOnboarding(logging.Filter):
    """Writes the onboarding's id behind what is said of it: the platform drops what stands in `extra` alone."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with its id."""
        if onboarding := getattr(record, "onboarding", None):
            record.msg = f"{record.msg} [{onboarding}]"
        return True


class Masks(logging.Filter):
    """Masks text and traceback of a record, for every handler after it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, masked."""
        record.msg, record.args = masked(_said(record)), ()
        if record.exc_info and record.exc_info[1] is not None:
            # Formatters take this text, where it is there, instead of the exception.
            record.exc_text = masked("".join(traceback.format_exception(record.exc_info[1])).rstrip())
        return True


def _said(record: logging.LogRecord) -> str:
    """Return the text of a record; where its arguments do not fit, what was to be said, for a filter may not fail."""
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def guard_logs() -> None:
    """Let whoever looks for an onboarding's id in the log find what was said of it, and nobody find a secret."""
    for kind in (NamesOnboarding, Masks):
        if not any(isinstance(one, kind) for one in OURS.filters):
            OURS.addFilter(kind())


def quiet_libraries() -> None:
    """Let the libraries speak only when something is wrong."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
