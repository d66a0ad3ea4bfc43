"""The kind `standard`: the canonical event itself, signed as Standard Webhooks."""

from collections.abc import Sequence

from shared.sources.event import read
from shared.sources.json_text import read_object
from shared.sources.kind import Kind, NoOptions, Source
from shared.sources.request import Request
from shared.sources.standard_webhooks import signing_secret, verify
from shared.sources.verdict import Answer, Heard, Item, Result


def _read(source: Source[NoOptions], request: Request) -> Heard:
    verified = verify(request, source.secrets)
    item = Item(verified.webhook_id, read(read_object(request.body), request.now))
    return Heard(verified.secret_name, (item,), _accepted)


def _accepted(results: Sequence[Result]) -> Answer:
    return Answer(202, {"outcome": results[0].outcome})


KIND = Kind(_read, NoOptions, signing_secret)
