"""The HR event that a form on the index asks for: the canonical one, written from what Entra holds of the hire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.tenant import seed
from sandbox.tenant.faces.company import zone_of
from sandbox.tenant.faces.moments import Start, with_notice
from sandbox.tenant.state import Json, TenantState

KINDS = {"hire.created": "new hire", "hire.updated": "change", "hire.cancelled": "cancellation"}
_USUAL_START = time(9)


class FormError(ValueError):
    """The form cannot be used; the text tells its reader why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for: the event without its timestamp, and when the hire starts by it."""

    person: seed.Person
    event: Json
    start: Start


def asked_for(state: TenantState, form: Mapping[str, str], now: datetime) -> Asked:
    """Read the form: hire (key), kind, when (soon, today, week, date), date, time. FormError says what is wrong."""
    person = next((p for p in seed.PEOPLE if p.key == form.get("hire") and p.id in state.users), None)
    if person is None:
        raise FormError("there is no such hire")
    kind = form.get("kind", "hire.created")
    if kind not in KINDS:
        raise FormError("there is no such kind of event")
    body = state.users[person.id]
    zone = zone_of(body)
    day = _day(form, now.astimezone(ZoneInfo(zone)).date()) or with_notice(now, zone)
    at = _time(form.get("time", ""))
    data = _data(state, person, body) | {"startDate": day.isoformat()} | ({"startTime": f"{at:%H:%M}"} if at else {})
    return Asked(person, {"type": kind, "data": data}, Start(day, at or usual_start(body), zone))


def usual_start(person: Json) -> time:
    """Return when people begin at somebody's office."""
    site = next((s for s in seed.SITES if s.name == person["officeLocation"]), None)
    return time.fromisoformat(site.start_time) if site and site.start_time else _USUAL_START


def _data(state: TenantState, person: seed.Person, body: Json) -> Json:
    manager = state.users.get(state.managers.get(person.id, ""))
    known = {
        "externalId": body["employeeId"] or person.key,
        "userName": body["userPrincipalName"],
        "displayName": body["displayName"],
        "site": body["officeLocation"],
        "department": body["department"],
        "manager": manager and {"userName": manager["userPrincipalName"]},
    }
    return {name: value for name, value in known.items() if value is not None}


def _day(form: Mapping[str, str], today: date) -> date | None:
    match form.get("when", "soon"):
        case "soon":
            return None
        case "today":
            return today
        case "week":
            return today + timedelta(days=7)
        case "date":
            try:
                return date.fromisoformat(form.get("date", ""))
            except ValueError:
                raise FormError("choose a date, or another day") from None
        case _:
            raise FormError("there is no such day")


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise FormError("the time of day is to be written as 09:30") from None
