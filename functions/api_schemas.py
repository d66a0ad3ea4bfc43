"""The shapes that the API's document names: bodies from the models that validate, answers as they are written."""
# ruff: noqa: PLC0415 - the document is made when it is first asked for

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]

ID = "^[0-9a-f]{25}$"
TEXT: Schema = {"type": "string"}
INSTANT: Schema = {"type": "string", "format": "date-time"}


def schemas() -> Schema:
    """Make all components."""
    from functions.problems import types

    return {
        **_bodies(),
        **_enumerations(),
        **_onboardings(),
        **_hand_over(),
        **_deliveries(),
        "Readiness": _readiness(),
        "Erasing": closed({"onboardings": {"type": "array", "items": ref("Accepted")}}),
        "LetGo": closed({"onboardings": {"type": "array", "items": ref("Accepted")}, "left": {"type": "integer"}}),
        "Table": closed({"dryRun": {"type": "boolean"}, "rows": {"type": "array", "items": _row()}}),
        "Accepted": closed({"id": {"type": "string", "pattern": ID}, "status": ref("Status")}),
        "Outcome": closed({"outcome": TEXT}),
        "Health": opened({"status": {"type": "string", "enum": ["alive", "not-alive"]}}),
        "Problem": opened(
            {
                "type": {"type": "string", "enum": types()},
                "title": TEXT,
                "status": {"type": "integer"},
                "detail": {**TEXT, "description": "What to do about it."},
            }
        ),
    }


def ref(name: str) -> Schema:
    """Point at a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def closed(properties: Schema, optional: Iterable[str] = ()) -> Schema:
    """Describe an object with these properties and no other."""
    return {**opened(properties, optional), "additionalProperties": False}


def opened(properties: Schema, optional: Iterable[str] = ()) -> Schema:
    """Describe an object with these properties and perhaps others."""
    required = [name for name in properties if name not in set(optional)]
    return {"type": "object", "required": required, "properties": properties}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _bodies() -> Schema:
    from pydantic import TypeAdapter

    from functions.bodies import Confirmation, PassRequest, Release, Resend, TableQuery
    from shared.sources.wire import WireEvent

    found: Schema = {}
    for model in (PassRequest, Resend, Release, Confirmation, TableQuery, WireEvent):
        whole = TypeAdapter(model).json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
        found |= whole.pop("$defs", {})
        found["HireEvent" if model is WireEvent else model.__name__] = whole
    return found


def _enumerations() -> Schema:
    from shared.onboarding.collector import Route
    from shared.onboarding.reasons import Reason
    from shared.onboarding.statuses import Status, Step, WebSignIn
    from shared.planning.exceptional import Exceptional

    named: dict[str, type[StrEnum]] = {
        "Status": Status,
        "Reason": Reason,
        "Route": Route,
        "Step": Step,
        "Exceptional": Exceptional,
        "WebSignInStatus": WebSignIn,
    }
    return {name: {"type": "string", "enum": list(members)} for name, members in named.items()}


def _onboardings() -> Schema:
    """Describe what `shared.onboarding.requests.report` writes."""
    from shared.onboarding.audit.ledger import SHOWN
    from shared.onboarding.statuses import Life

    why = {"reason": _or_null(ref("Reason")), "detail": _or_null(TEXT), "advice": TEXT}
    due = _or_null(closed({"step": ref("Step"), "at": INSTANT}))
    plan: Schema = dict.fromkeys(("noticeAt", "linkAt", "opensAt", "validFrom", "validUntil"), INSTANT)
    plan |= {"zone": TEXT, "start": INSTANT, "exceptions": {"type": "array", "items": ref("Exceptional")}}
    summary: Schema = {
        "id": {"type": "string", "pattern": ID},
        "source": TEXT,
        "displayName": TEXT,
        "user": _or_null(closed({"id": TEXT, "userPrincipalName": TEXT})),
        "collector": _or_null(closed({"id": TEXT, "displayName": TEXT, "route": ref("Route")})),
        "status": ref("Status"),
        "reason": why["reason"],
        "plan": _or_null(closed(plan)),
        "webSignIn": closed({"status": ref("WebSignInStatus"), **why}, optional=("detail", "advice")),
        "device": _or_null(_device()),
    }
    moments = dict.fromkeys(("retryAt", "noticeGivenAt", "linkMailedAt", "openedAt", "usedAt"), _or_null(INSTANT))
    told: Schema = {name: ref("Status") if name == "status" else TEXT for name in SHOWN}
    whole: Schema = {
        **summary,
        **why,
        **moments,
        "externalId": TEXT,
        "askedBy": _or_null(closed({"id": TEXT, "reason": _or_null(TEXT)})),
        "releasable": {"type": "boolean"},
        "hold": _or_null(closed({"reasons": {"type": "array", "items": ref("Reason")}, "since": INSTANT})),
        "warning": _or_null(TEXT),
        "told": {"type": "array", "items": ref("Reason"), "description": "What people have been mailed about."},
        "reissues": {"type": "integer", "description": "How often the recipient had the pass made anew."},
        "next": closed(dict.fromkeys(Life, due)),
        "history": {"type": "array", "items": closed(told)},
        "people": {
            "type": "object",
            "additionalProperties": TEXT,
            "description": "Who is who in the history, for those who may know.",
        },
    }
    return {
        "Summary": closed(summary),
        "Onboarding": closed(whole, optional=("detail", "advice", "people")),
        "Page": closed({"items": {"type": "array", "items": ref("Summary")}, "after": _or_null(TEXT)}),
    }


def _row() -> Schema:
    """Describe what became of a row of a table."""
    fault = closed({"field": TEXT, "problem": TEXT})
    outcome = {"type": "string", "enum": ["accepted", "good", "passed-over", "refused"]}
    row: Schema = {
        "row": {"type": "integer"},
        "outcome": outcome,
        "id": TEXT,
        "errors": {"type": "array", "items": fault},
    }
    return closed(row, optional=("id", "errors"))


def _deliveries() -> Schema:
    """Describe what `shared.onboarding.deliveries.replaying` tells."""
    words: Schema = {"type": "array", "items": TEXT}
    label: Schema = {"id": TEXT, "at": INSTANT, "secret": TEXT, "became": words}
    body: Schema = {**TEXT, "description": "Letters are x and digits 1; words of the vendor's protocol stay."}
    read_by: Schema = {"kind": TEXT, "options": opened({}), "contentType": TEXT, "headers": words}
    return {
        "Deliveries": closed({"items": {"type": "array", "items": closed(label)}, "before": _or_null(TEXT)}),
        "MaskedDelivery": closed({**label, **read_by, "body": body}),
        "Replayed": closed({"id": TEXT, "became": words}),
    }


def _device() -> Schema:
    """Describe what was last said of the hire's device."""
    from shared.websignin.readiness import Gap, Obstacle, State

    reason = _or_null({"type": "string", "enum": [*Obstacle, *Gap]})
    told = {"detail": _or_null(TEXT), "advice": TEXT}
    state: Schema = {"type": "string", "enum": list(State)}
    return closed({"state": state, "reason": reason, **told, "lookedAt": INSTANT}, optional=told)


def _readiness() -> Schema:
    """Describe what `shared.checkup.writing` writes."""
    from shared.checkup.facts import Identity
    from shared.checkup.finding import State, Subject

    state: Schema = {"type": "string", "enum": [state.word for state in State]}
    check: Schema = {
        "id": {**TEXT, "description": "Stable."},
        "subject": {"type": "string", "enum": list(Subject)},
        "title": {**TEXT, "description": "What should be so."},
        "state": state,
        "found": {**TEXT, "description": "What was found, or why it could not be told."},
        "why": TEXT,
        "portal": {**TEXT, "description": "Where it is mended by hand."},
        "command": _or_null({**TEXT, "description": "What mends it, to be typed."}),
        "fixedByUs": _or_null({**TEXT, "description": "What the command's --fix does about it."}),
    }
    asked_as: Schema = {"type": "string", "enum": list(Identity)}
    return closed(
        {"at": INSTANT, "askedAs": asked_as, "state": state, "checks": {"type": "array", "items": closed(check)}}
    )


def _hand_over() -> Schema:
    """Describe what the hand-over page sends and is answered."""
    from shared.handover.collecting.answers import State
    from shared.onboarding.requests.fresh_code import Standing

    hours: Schema = {"now": INSTANT, "validFrom": INSTANT, "validUntil": INSTANT}
    view: Schema = {
        **hours,
        "state": {"type": "string", "enum": list(State)},
        "opensAt": INSTANT,
        **dict.fromkeys(("who", "user", "desk", "zone"), TEXT),
        **dict.fromkeys(("openedAt", "usedAt", "againUntil"), INSTANT),
        "mine": {"type": "boolean", "description": "Whether the claim that asks is the one that opened the pass."},
    }
    shown = closed({"pass": TEXT, **hours, "againUntil": INSTANT})
    return {
        "Question": {
            "type": "object",
            "properties": {
                "key": {**TEXT, "description": "The link's key, from the address's fragment."},
                "claim": {**TEXT, "description": "The page's random claim id; `reveal` needs it."},
                "visit": {**TEXT, "description": "With a hire's link: the page's random id, in place of a sign-in."},
                "code": {**TEXT, "description": "With a hire's link, once: the pick-up code; the visit stands for it."},
                "done": {"type": "boolean", "description": "The hire is in: erase the pass."},
                "fresh": {"type": "boolean", "description": "Of a code: have a fresh one made."},
            },
        },
        "View": closed(view, optional=("openedAt", "usedAt", "againUntil", "mine")),
        "Code": closed({"state": {"type": "string", "enum": list(Standing)}}),
        "Revealed": {"anyOf": [shown, closed({"done": {"type": "boolean"}})]},
    }
