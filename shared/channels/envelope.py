"""What every channel that carries mail sees to before it sends one."""

import re

from shared.tenant.ports.mail import Mail

HEADER = "x-day-one-pass"
_NOT_PRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_REFERENCE = re.compile(r"[!-~]{1,200}")


def checked_subject(mail: Mail) -> str:
    """Return the subject as one line: a name from outside may hold line breaks and other control characters.

    Raises:
        ValueError: `to` is not one plain address, or `reference` cannot stand in a header; the mail must not be sent.
    """
    if not _ADDRESS.fullmatch(mail.to):
        raise ValueError("the recipient is not one plain mail address")
    if not _REFERENCE.fullmatch(mail.reference):
        raise ValueError("the reference cannot stand in a mail header")
    return " ".join(_NOT_PRINTABLE.sub(" ", mail.subject).split())
