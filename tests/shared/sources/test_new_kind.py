"""A kind of HR system that the product does not know, added here in under sixty lines: that is all the seam asks."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from shared.sources.errors import SignatureRejectedError
from shared.sources.event import read
from shared.sources.json_text import read_object
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id, signer, single
from shared.sources.request import Request
from shared.sources.verdict import Heard, Item, passed_over_type, with_status
from tests.shared.sources.senders import SECRETS, event, heard, post, source


class Loft(BaseModel):
    """Where the pigeons live."""

    model_config = ConfigDict(extra="forbid")

    site: str


def carry(loft: Source[Loft], request: Request) -> Heard:
    """Read the letter that a pigeon brings: a hex HMAC of the body on its leg, the hire in short words within."""
    leg = single(request.headers, "x-leg").encode()
    name = signer(loft.secrets, lambda key: hmac.digest(key, request.body, hashlib.sha256).hex().encode(), [leg])
    letter: dict[str, Any] = read_object(request.body)
    if letter.get("about") != "joiner":
        return Heard(name, (Item(body_id(request.body), passed_over_type(letter.get("about"))),), with_status(200))
    data = {"externalId": letter.get("no"), "displayName": letter.get("who"), "startDate": letter.get("day")}
    said = {"type": "hire.created", "timestamp": letter.get("flown"), "data": {**data, "site": loft.options.site}}
    return Heard(name, (Item(body_id(request.body), read(said, request.now)),), with_status(200))


PIGEON = source("pigeon", options={"site": "Berlin"}, kinds={"pigeon": Kind(carry, Loft)})
LETTER = {"about": "joiner", "no": "7", "who": "Ada King", "day": "2026-12-07", "flown": "2026-11-20T09:00:00Z"}


def test_a_new_kind_is_one_function_and_its_options() -> None:
    """It proves, reads and maps; registry, limits, settings and storage are there already."""
    for letter, expected in ((LETTER, "7"), ({"about": "corn"}, None)):
        body = json.dumps(letter).encode()
        leg = hmac.digest(SECRETS["2026-b"].encode(), body, hashlib.sha256).hex()
        verdict = heard(PIGEON, post({"content-type": "application/json", "X-Leg": leg}, body))
        assert verdict.secret_name == "2026-b"
        assert expected is None or event(verdict).hire.external_id == expected
        with pytest.raises(SignatureRejectedError):
            heard(PIGEON, post({"content-type": "application/json", "X-Leg": leg}, body + b" "))
