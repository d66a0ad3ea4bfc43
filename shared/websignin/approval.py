"""Multi Admin Approval of what the app writes in Intune: what was asked, and what comes next. Pure.

Where a tenant protects its profiles, a write opens a request, which another administrator approves or rejects in the
Intune admin centre; then the very same write is sent once more, with the request's id. An app can never approve.
The rules are Microsoft's: "Use Multi Admin Approval with the Microsoft Graph API", as of August 2026.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

PORTAL = "https://intune.microsoft.com/#view/Microsoft_Intune_DeviceSettings/TenantAdminMenu/~/multiAdminApproval"
OURS = "Day One Pass"
"""What begins the justification of every request of this app."""
REJECTION_HOLDS = timedelta(hours=1)
"""So long nobody asks again: by then every hire who waited for the request has seen how it ended."""


class Next(StrEnum):
    """What to do about a write."""

    ASK = "ask"
    WAIT = "wait"
    RESUBMIT = "resubmit"
    GIVE_UP = "give-up"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for approval: its id in Intune, and of what it asked for the fingerprint and the assignment added.

    `rejected_at`: when it was seen to be rejected. The write itself is not kept: it is made anew from what stands in
    Intune, and is the approved one only as long as nobody else has changed anything.
    """

    request: str
    change: str
    added: str
    rejected_at: datetime | None = None


def fingerprint(change: Sequence[Mapping[str, Any]]) -> str:
    """Return what tells one write from another, whoever makes it and whenever: 32 hexadecimal digits."""
    return hashlib.sha256(json.dumps(list(change), sort_keys=True).encode()).hexdigest()[:32]


def decide(asked: Asked | None, status: str | None, change: str, now: datetime, *, may_ask: bool) -> Next:
    """Tell what comes next. `status`: Intune's word for the request, None where it knows none such.

    One request at a time stands for the profile, so that many hires wait for one; what was approved and fits no more,
    since others have changed the profile meanwhile, is asked anew. One that expired is asked once more. `may_ask` is
    False for a hire whose request was rejected, until a person puts it back to work.
    """
    ask = Next.ASK if may_ask else Next.GIVE_UP
    if asked is None:
        return ask
    if asked.rejected_at is not None:
        return Next.GIVE_UP if now < asked.rejected_at + REJECTION_HOLDS else ask
    match (status or "").casefold():
        case "approved":
            return Next.RESUBMIT if change == asked.change else ask
        case "rejected" | "cancelled" | "canceled":
            return Next.GIVE_UP
        case "" | "expired" | "completed":
            return ask
        case _:
            return Next.WAIT
