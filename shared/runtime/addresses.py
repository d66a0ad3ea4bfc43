"""Addresses that settings may name: https, or plain http on this machine."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _https_or_loopback(value: str) -> str:
    parts = urlsplit(value)
    loopback = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or loopback):
        raise ValueError("must be an https:// address")
    return value.rstrip("/")


def trim(value: object) -> object:
    """Take white space away from around a text."""
    return value.strip() if isinstance(value, str) else value


Address = Annotated[
    str,
    BeforeValidator(trim),
    AfterValidator(_https_or_loopback),
    # For the page that is made of the settings' model.
    WithJsonSchema({"type": "string", "format": "`https://` address"}),
]
