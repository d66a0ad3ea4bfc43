"""The kind `standard`: the canonical event itself, signed as Standard Webhooks."""

from datetime import datetime

from shared.sources.delivery import Delivery, Request, Source
from shared.sources.event import parse
from shared.sources.standard_webhooks import verify


def read(source: Source, request: Request, now: datetime) -> Delivery:
    """Verify, then parse; raises any DeliveryError."""
    verified = verify(request.headers, request.body, source.secrets, now)
    return Delivery(
        event_id=verified.webhook_id,
        source=source.name,
        event=parse(verified.body),
        sent_at=verified.sent_at,
        secret_name=verified.secret_name,
    )
