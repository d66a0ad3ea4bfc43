"""Every attribute that may leave this app, and what may be its value. All else is left out, whatever it is.

Names without `day_one_pass.` are those of OpenTelemetry's semantic conventions (faas, http, messaging, db, error). No
value is free text: it is a member of one of our enumerations, the name of a class, a number, or a text of a form that
no pass, key, name or address has.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

type Value = str | int | float | bool | type
type Attributes = Mapping[str, Value]
type Written = str | int | float | bool

ERROR_TYPE = "error.type"
FAAS_TRIGGER = "faas.trigger"
HTTP_METHOD = "http.request.method"
HTTP_ROUTE = "http.route"
HTTP_STATUS = "http.response.status_code"
SERVER = "server.address"
URL_TEMPLATE = "url.template"
MESSAGING_SYSTEM = "messaging.system"
MESSAGING_QUEUE = "messaging.destination.name"
MESSAGING_OPERATION = "messaging.operation.type"
DB_SYSTEM = "db.system.name"
DB_TABLE = "db.collection.name"
ONBOARDING = "day_one_pass.onboarding"
TRANSITION = "day_one_pass.transition"
STATUS = "day_one_pass.status"
REASON = "day_one_pass.reason"
LIFE = "day_one_pass.life"
STEP = "day_one_pass.step"
WITHIN_DAY = "day_one_pass.within_day"
REFUSAL = "day_one_pass.refusal"
PROBLEM = "day_one_pass.problem"
USE = "day_one_pass.use"


class Trigger(StrEnum):
    """What starts a function, in the words of the conventions for FaaS."""

    HTTP = "http"
    QUEUE = "pubsub"
    TIMER = "timer"


def _word(value: object) -> Written | None:
    return value.value if isinstance(value, StrEnum) else None


def _class(value: object) -> Written | None:
    return value.__name__ if isinstance(value, type) else None


def _number(value: object) -> Written | None:
    return value if isinstance(value, int | float) else None


def _of_form(pattern: str) -> Callable[[object], Written | None]:
    form = re.compile(pattern)
    return lambda value: str(value) if isinstance(value, str) and form.fullmatch(value) else None


_template = _of_form(r"(?:/(?:[a-zA-Z][a-zA-Z.]{0,49}|v1\.0|\{[a-zA-Z]{1,49}\})){1,9}")

ALLOWED: Mapping[str, Callable[[object], Written | None]] = {
    ERROR_TYPE: _class,
    FAAS_TRIGGER: _word,
    HTTP_METHOD: _of_form(r"GET|POST|PATCH|PUT|DELETE|OPTIONS|HEAD"),
    HTTP_ROUTE: _template,
    HTTP_STATUS: _number,
    SERVER: _of_form(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9}"),
    URL_TEMPLATE: _template,
    MESSAGING_SYSTEM: _of_form(r"azure\.storage_queue"),
    MESSAGING_QUEUE: _of_form(r"[a-z]{1,20}(?:-[a-z]{1,20}){1,4}"),
    MESSAGING_OPERATION: _of_form(r"process"),
    DB_SYSTEM: _of_form(r"azure\.table"),
    DB_TABLE: _of_form(r"onboardings"),
    ONBOARDING: _of_form(r"[0-9a-f]{25}"),
    TRANSITION: _word,
    STATUS: _word,
    REASON: _word,
    LIFE: _word,
    STEP: _word,
    WITHIN_DAY: _number,
    REFUSAL: _word,
    PROBLEM: _of_form(r"[a-z]{3,20}(?:-[a-z]{1,20}){0,4}"),
    USE: _word,
}


def sieved(attributes: Attributes) -> dict[str, Written]:
    """Return what of the attributes may leave; the rest is left out without a word."""
    kept = ((name, ALLOWED[name](value)) for name, value in attributes.items() if name in ALLOWED)
    return {name: value for name, value in kept if value is not None}
