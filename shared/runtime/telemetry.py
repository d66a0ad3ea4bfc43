"""What may be written about a person's day: an onboarding's id, and nothing that names or lets in anybody."""

import logging

CHATTY = ("azure", "httpx", "httpcore", "msgraph", "kiota", "urllib3", "msal")
"""These write addresses into the log, and Graph's addresses carry user names."""


def quiet_libraries() -> None:
    """Let the libraries speak only when something is wrong."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
