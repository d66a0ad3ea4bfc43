"""Signs as an HR system that speaks Standard Webhooks does. For the sandbox and tests; the product only verifies."""

import base64
import hashlib
import hmac
from datetime import datetime


def sign(secret: str, webhook_id: str, timestamp: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery, content type included. `secret` is `whsec_` and base64."""
    seconds = str(int(timestamp.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = b".".join((webhook_id.encode(), seconds.encode(), body))
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signature}",
    }
