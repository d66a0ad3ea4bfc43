"""Addresses that settings may name: https, or plain http on this machine."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from shared.runtime.urls import is_protected


def _https_or_loopback(value: str) -> str:
    if not is_protected(value):
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
