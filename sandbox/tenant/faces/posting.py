"""What the faces ask of the app: they post as its HR system, and run a timer as whoever may do so by hand."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from sandbox.tenant.faces.app_link import AppLink
from sandbox.tenant.state import Json
from sandbox.tenant.times import graph_time
from sandbox.webhooks import sign

_TIMEOUT = aiohttp.ClientTimeout(total=20)
_WORDS_KEPT = 300
_REFUSED = 400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the app answered, in words for a person."""

    good: bool
    words: str


async def post_event(app: AppLink, event: Json, now: datetime) -> Outcome:
    """Post an HR event, signed at the sandbox's time `now`, which is also its timestamp."""
    body = json.dumps(event | {"timestamp": graph_time(now)}).encode()
    headers = sign(app.secret, f"msg_{secrets.token_hex(8)}", now, body)
    return await _post(f"{app.address}/api/hr/{app.source}", body, headers)


async def run_timer(app: AppLink, name: str) -> Outcome:
    """Run a timer function of the app now, as the Functions admin API does."""
    return await _post(f"{app.address}/admin/functions/{name}", b'{"input": ""}', {"content-type": "application/json"})


async def _post(address: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.post(address, data=body, headers=headers) as answer,
        ):
            said = (await answer.text())[:_WORDS_KEPT]
    except (aiohttp.ClientError, TimeoutError) as fault:
        return Outcome(good=False, words=f"The app did not answer: {fault or 'too late'}")
    if answer.status < _REFUSED:
        return Outcome(good=True, words=f"The app answered {answer.status}.")
    return Outcome(good=False, words=f"The app answered {answer.status}: {said}")
