"""What the status API says of an onboarding: everything a person needs, and nothing secret."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shared.onboarding.errors import UnknownOnboardingError
from shared.onboarding.model import Due, Onboarding
from shared.onboarding.reasons import ADVICE, RELEASABLE, Reason
from shared.onboarding.store import Store


class Reports:
    """Shows onboardings to people."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, onboarding: str) -> dict[str, Any]:
        """Show one onboarding.

        Raises:
            UnknownOnboardingError: there is none.
        """
        kept, audits = await asyncio.gather(self._store.read(onboarding), self._store.audits(onboarding))
        if kept is None:
            raise UnknownOnboardingError
        return report(kept.row, audits)


def report(row: Onboarding, audits: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Write one onboarding as JSON values. No pass, key, link, mail address or number is in it."""
    plan, made = row.plan, row.issued
    return {
        "id": row.id,
        "source": row.source,
        "externalId": row.hire.external_id,
        "displayName": row.hire.display_name,
        "user": row.subject and {"id": row.subject.id, "userPrincipalName": row.subject.user_principal_name},
        "collector": row.collector and {"id": row.collector.id, "displayName": row.collector.name},
        "status": row.status.value,
        **_why(row.reason, row.detail),
        "retryAt": _time(row.retry_at),
        "releasable": row.reason in RELEASABLE,
        "warning": row.warning or None,
        "plan": plan
        and {
            "zone": plan.zone,
            "start": plan.local(plan.start).isoformat(),
            "noticeAt": _time(plan.notice_at),
            "linkAt": _time(plan.invite_at),
            "opensAt": _time(plan.opens),
            "validFrom": _time(made.valid_from if made else plan.valid_from),
            "validUntil": _time(made.valid_until if made else plan.valid_until),
            "moved": plan.moved,
        },
        "webSignIn": {"status": row.web.status.value, **_why(row.web.reason, row.web.detail)},
        "noticeGivenAt": _time(row.noticed_at),
        "linkMailedAt": _time(row.delivery.mailed_at if row.delivery else None),
        "openedAt": _time(row.claim.state.claimed_at if row.claim else None),
        "usedAt": _time(row.used_at),
        "next": {"pass": _due(row.due), "webSignIn": _due(row.web_due)},
        "history": [{key: audit[key] for key in ("at", "what", "by", "status", "reason")} for audit in audits],
    }


def _why(reason: Reason | None, detail: str) -> dict[str, Any]:
    if reason is None:
        return {"reason": None}
    return {"reason": reason.value, "detail": detail or None, "advice": ADVICE[reason]}


def _due(due: Due | None) -> dict[str, Any] | None:
    return {"step": due.step.value, "at": _time(due.at)} if due else None


def _time(instant: datetime | None) -> str | None:
    return instant.isoformat().replace("+00:00", "Z") if instant else None
