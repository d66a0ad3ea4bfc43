"""What a URL says of the way to where it leads."""

from urllib.parse import urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_protected(url: str) -> bool:
    """Tell whether nobody on the way reads along: it is https, or plain http that never leaves this machine.

    Raises:
        ValueError: it is no URL at all.
    """
    parts = urlsplit(url)
    on_this_machine = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or on_this_machine)
