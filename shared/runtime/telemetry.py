"""What may be written about a person's day: an onboarding's id, and nothing that names or lets in anybody."""

import logging

CHATTY = ("azure", "httpx", "httpcore", "msgraph", "kiota", "urllib3", "msal")
"""These write addresses into the log, and Graph's addresses carry user names."""


OURS = logging.getLogger("day_one_pass")


class NamesOnboarding(logging.Filter):
    """Writes the onboarding's id behind what is said of it: the platform drops what stands in `extra` alone."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with its id."""
        if onboarding := getattr(record, "onboarding", None):
            record.msg = f"{record.msg} [{onboarding}]"
        return True


def name_onboardings() -> None:
    """Let whoever looks for an onboarding's id in the log find what was said of it."""
    if not any(isinstance(one, NamesOnboarding) for one in OURS.filters):
        OURS.addFilter(NamesOnboarding())


def quiet_libraries() -> None:
    """Let the libraries speak only when something is wrong."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
