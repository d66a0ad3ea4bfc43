"""What the status API says of an onboarding: everything a person needs, and nothing secret."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.handover.keys.pickup import is_locked
from shared.onboarding.device_side import Look
from shared.onboarding.errors import UnknownOnboardingError
from shared.onboarding.ids import SHARDS, is_guid
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import ADVICE, Reason, passed_over
from shared.onboarding.registry import Registry
from shared.onboarding.requests.desk import is_releasable
from shared.onboarding.requests.warnings import warning
from shared.onboarding.statuses import Due, Life, Status
from shared.tenant.ports.people import Directory
from shared.websignin.readiness import ADVICE as READINESS_ADVICE

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some onboardings, and where to go on; `after` None: there are no more."""

    items: list[dict[str, Any]]
    after: str | None


class Reports:
    """Shows onboardings to people."""

    def __init__(self, registry: Registry, directory: Directory, number_attribute: str) -> None:
        self._store = registry.store
        self._people = registry.people
        self._directory = directory
        self._number_attribute = number_attribute

    async def read(self, onboarding: str, *, with_people: bool) -> dict[str, Any]:
        """Show one onboarding. `with_people`: who is who in its history, until that is erased, too.

        Raises:
            UnknownOnboardingError: there is none.
        """
        kept, audits = await asyncio.gather(self._store.read(onboarding), self._store.trail.records(onboarding))
        if kept is None:
            raise UnknownOnboardingError
        people = {"people": await self._store.trail.people(onboarding)} if with_people else {}
        return report(kept.row, audits) | people

    async def of_user(self, user: str, status: Status | None) -> Page:
        """Show all onboardings of one account, by user principal name or object id, oldest first.

        Raises:
            TenantError: the name could not be looked up.
        """
        ids = await self._people.onboardings_of_account(user) if is_guid(user) else await self._by_name(user)
        kept = [found for one in ids if (found := await self._store.read(one))]
        return Page([_summary(one.row) for one in kept if status in {None, one.row.status}], None)

    async def walk(self, status: Status | None, after: str) -> Page:
        """Show the next onboardings, partition by partition; `after` is the id to go on behind, empty at first."""
        rows: list[Onboarding] = []
        last = after
        for shard in SHARDS[SHARDS.index(after[0]) if after else 0 :]:
            page = await self._store.page(shard, after if after.startswith(shard) else shard, PAGE)
            rows += [row for row in page if status in {None, row.status}]
            last = page[-1].id if len(page) == PAGE else f"{shard}~"
            if len(rows) >= PAGE or len(page) == PAGE:
                break
        done = last == f"{SHARDS[-1]}~"
        return Page([_summary(row) for row in rows], None if done else last)

    async def _by_name(self, name: str) -> tuple[str, ...]:
        found = await self._directory.find_accounts(
            user_principal_name=name, number_attribute=self._number_attribute, number=None
        )
        return await self._people.onboardings_of_account(found[0].id) if found else ()


def report(row: Onboarding, audits: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Write one onboarding as JSON values. No pass, key, link, mail address or number is in it."""
    plan = row.plan
    return {
        "id": row.id,
        "source": row.source,
        "externalId": row.hire.external_id,
        "displayName": row.hire.display_name,
        "user": row.subject and {"id": row.subject.id, "userPrincipalName": row.subject.user_principal_name},
        "collector": row.collector
        and {"id": row.collector.id, "displayName": row.collector.name, "route": row.collector.route.value},
        "askedBy": row.ask and {"id": row.ask.by, "reason": row.ask.why or None},
        "status": row.status.value,
        **_why(row.reason, row.detail),
        "retryAt": _time(row.retry_at),
        "releasable": is_releasable(row),
        "hold": row.hold and {"reasons": list(row.hold.reasons), "since": _time(row.hold.since)},
        "warning": _warning(row),
        "plan": plan
        and {
            "zone": plan.zone,
            "start": plan.local(plan.start).isoformat(),
            "noticeAt": _time(plan.notice_at),
            "linkAt": _time(plan.invite_at),
            "opensAt": _time(plan.opens),
            "validFrom": _time(plan.valid_from),
            "validUntil": _time(plan.valid_until),
            "exceptions": list(plan.exceptions),
        },
        "webSignIn": {"status": row.web.status.value, **_why(row.web.reason, row.web.detail)},
        "device": row.device and _device(row.device),
        "noticeGivenAt": _time(row.noticed_at),
        "linkMailedAt": _time(row.delivery.mailed_at if row.delivery else None),
        "told": [reason.value for reason in row.told],
        "reissues": len(row.reissues),
        "openedAt": _time(row.claim.state.claimed_at if row.claim else None),
        "usedAt": _time(row.used_at),
        "next": {life.value: _due(row.due_in(life)) for life in Life},
        "history": [dict(audit) for audit in audits],
    }


def _summary(row: Onboarding) -> dict[str, Any]:
    whole = report(row, ())
    return {
        key: whole[key]
        for key in (
            "id",
            "source",
            "displayName",
            "user",
            "collector",
            "status",
            "reason",
            "plan",
            "webSignIn",
            "device",
        )
    }


def _warning(row: Onboarding) -> str | None:
    """What goes on, and is not as it should be."""
    collector = row.collector
    chain = (
        f"{collector.name} collects, for {passed_over(collector.instead_of)}."
        if collector and collector.instead_of
        else ""
    )
    locked = ADVICE[Reason.CODE_LOCKED] if row.delivery and is_locked(row.delivery.pickup) else ""
    planned = warning(row.plan) if row.plan else ""
    return " ".join(text for text in (locked, chain, planned) if text) or None


def _why(reason: Reason | None, detail: str) -> dict[str, Any]:
    if reason is None:
        return {"reason": None}
    return {"reason": reason.value, "detail": detail or None, "advice": ADVICE[reason]}


def _device(look: Look) -> dict[str, Any]:
    reason = look.verdict.reason
    why = {} if reason is None else {"detail": look.verdict.detail or None, "advice": READINESS_ADVICE[reason]}
    return {"state": look.verdict.state.value, "reason": reason and reason.value, **why, "lookedAt": _time(look.at)}


def _due(due: Due | None) -> dict[str, Any] | None:
    return {"step": due.step.value, "at": _time(due.at)} if due else None


def _time(instant: datetime | None) -> str | None:
    return instant.isoformat().replace("+00:00", "Z") if instant else None
