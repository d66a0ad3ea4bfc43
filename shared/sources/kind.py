"""The seam between an HR system and the product: what a kind of HR system has to say of itself."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from shared.sources.proof import Secret, text_secret
from shared.sources.records import Api, Records
from shared.sources.request import Request
from shared.sources.verdict import Answer, Verdict

JSON = frozenset({"application/json"})
METHODS = "POST, GET, OPTIONS"


class NoOptions(BaseModel):
    """Nothing differs between two sources of the kind but name and secrets."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Source[O: BaseModel]:
    """An HR system as the settings name it. Any of its `secrets` proves; several are active while one is rotated.

    `api` leads to its records, where the kind reads them and the settings give credentials for it.
    """

    name: str
    kind: "Kind[O]" = field(repr=False)
    secrets: tuple[Secret, ...] = field(repr=False)
    options: O
    api: Api | None = field(default=None, repr=False)


def present[O: BaseModel](_source: Source[O], _request: Request) -> Answer:
    """Answer a GET or OPTIONS of a kind that knows no handshake: there is such a source, and no more."""
    return Answer(204, headers={"Allow": METHODS})


@dataclass(frozen=True, slots=True)
class Kind[O: BaseModel]:
    """A kind of HR system.

    read: proves a POST and reads it; raises a `DeliveryError` to refuse it.
    options: what the settings may say of a source of this kind.
    secret: reads a secret from its name and text; raises `SecretMalformedError`.
    greet: answers GET and OPTIONS.
    records: how the record of a person is read, for vendors whose events do not say what they are about.
    words: what the vendor's protocol itself says in values, such as types of events: shown where values are masked.
    media_types: what a body may be; `charset` may only be UTF-8. The empty text stands for a body without a type.
    """

    read: Callable[[Source[O], Request], Verdict]
    options: type[O]
    secret: Callable[[str, str], Secret] = text_secret
    greet: Callable[[Source[O], Request], Answer] = present
    media_types: frozenset[str] = JSON
    records: Records | None = None
    words: frozenset[str] = frozenset()
