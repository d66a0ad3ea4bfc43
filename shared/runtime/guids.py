"""Ids of Microsoft's objects in settings, in whatever way they are written."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from shared.runtime.addresses import trim


def _guid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise ValueError("must be a GUID such as 11111111-2222-3333-4444-555555555555") from None


Guid = Annotated[
    str, BeforeValidator(trim), AfterValidator(_guid), WithJsonSchema({"type": "string", "format": "GUID"})
]
