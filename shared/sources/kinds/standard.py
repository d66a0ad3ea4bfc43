"""The kind `standard`: the canonical event itself, signed as Standard Webhooks.

Whoever writes the canonical event can mend it, so what is misshapen is refused with the names of the fields (422).
"""

from collections.abc import Sequence

from shared.sources.event import read
from shared.sources.hire import EventKind
from shared.sources.json_text import read_object
from shared.sources.kind import Kind, NoOptions, Source
from shared.sources.request import Request
from shared.sources.standard_webhooks import signing_secret, verify
from shared.sources.verdict import Answer, Heard, Item, Result, passed_over_type


def _read(source: Source[NoOptions], request: Request) -> Heard:
    verified = verify(request, source.secrets)
    event = read_object(request.body)
    kind = event.get("type")
    is_ours = not isinstance(kind, str) or kind in set(EventKind)
    says = read(event, request.now) if is_ours else passed_over_type(kind)
    return Heard(verified.secret_name, (Item(verified.webhook_id, says),), _accepted)


def _accepted(results: Sequence[Result]) -> Answer:
    return Answer(202, {"outcome": results[0].outcome})


KIND = Kind(_read, NoOptions, signing_secret, words=frozenset(EventKind))
