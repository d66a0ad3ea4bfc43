"""Canonical data from flat values: what kinds share whose fields the settings name, whatever they are read from."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from shared.sources.json_text import text_of

_DIRECTIVE = re.compile(r"%.?")


def _date_format(text: str) -> str:
    if sorted(_DIRECTIVE.findall(text)) != ["%Y", "%d", "%m"]:
        raise ValueError("must be a date format such as %d.%m.%Y, with day, month and year once each")
    return text


DateFormat = Annotated[str, Field(max_length=40), AfterValidator(_date_format)]
ISO_DAY = "%Y-%m-%d"


def canonical(found: Mapping[str, Any], date_format: str) -> dict[str, Any]:
    """Write the `data` of a canonical event; a field that is absent or None is left out where it can be.

    `found`: external_id, display_name, start_date, … as `HireData` names them. Nothing is checked.
    """
    get = found.get
    contact = {"emails": ("home", get("home_mail")), "phoneNumbers": ("mobile", get("mobile"))}
    return {
        "externalId": text_of(get("external_id")),
        "displayName": get("display_name"),
        "startDate": _day(get("start_date"), date_format),
        "startTime": get("start_time"),
        "timezone": get("timezone"),
        "site": get("site"),
        "department": get("department"),
        "preferredLanguage": get("preferred_language"),
        "userName": get("user_name"),
        "manager": {"externalId": text_of(get("manager_external_id")), "userName": get("manager_user_name")},
        "device": {"serialNumber": get("device_serial"), "deviceId": get("device_id")},
        **{name: [{"type": kind, "value": value}] for name, (kind, value) in contact.items() if value is not None},
    }


def _day(value: Any, date_format: str) -> Any:
    """Write a day as the canonical event has it; what is none is left for that to refuse."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.strptime(value.strip(), date_format).date().isoformat()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return value
