"""The canonical HR event: what every source is mapped to, and all that is stored of a delivery.

Nothing behind it knows which HR system spoke. Only its shape is judged here: a zone that does not exist or a
31 February is well shaped, and planning reports it, because such an event has to be stored and shown as failed.
Names are SCIM's where SCIM has one.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.sources.errors import EventShapeError, FieldFault
from shared.sources.hire import EventKind, HireData, HireEvent
from shared.sources.json_text import read_object
from shared.sources.verdict import Item, Misshapen
from shared.sources.wire import WireContact, WireDevice, WireEvent, WireManager, read_wire

MAX_CANONICAL_BYTES = 16 * 1024
# The source's own time decides order: one event from the far future would make every later one look old. A day leaves
# room for senders that write local time with a Z.
MAX_AHEAD = timedelta(days=1)


def read(value: Mapping[str, Any], now: datetime) -> HireEvent:
    """Read a canonical event that a source sent, or that its kind mapped from what it sent.

    Raises:
        EventShapeError: fields are missing or of the wrong shape; it names them, never their values.
    """
    event = _event(read_wire(value))
    if event.occurred_at - now > MAX_AHEAD:
        raise EventShapeError((FieldFault("/timestamp", "lies more than a day in the future"),))
    return event


def said(event_id: str, value: Mapping[str, Any], now: datetime) -> Item:
    """Read a canonical event as one item of a delivery; what is wrong with it is said of that item alone."""
    try:
        return Item(event_id, read(value, now))
    except EventShapeError as error:
        return Item(event_id, Misshapen(error.faults))


def parse(raw: bytes) -> HireEvent:
    """Read a canonical event in JSON, whenever it is said to have happened.

    Raises:
        UnreadableBodyError: it is no JSON object in UTF-8.
        EventShapeError: as `read`.
    """
    return _event(read_wire(read_object(raw)))


def to_json(event: HireEvent) -> str:
    """Write an event for storage, in the canonical wire form: compact, absent fields left out, at most 16 KiB."""
    hire = event.hire
    data = {
        "externalId": hire.external_id,
        "userName": hire.user_name,
        "displayName": hire.display_name,
        "startDate": hire.start_date,
        "startTime": hire.start_time,
        "timezone": hire.timezone,
        "site": hire.site,
        "department": hire.department,
        "preferredLanguage": hire.preferred_language,
        "manager": _present({"externalId": hire.manager_external_id, "userName": hire.manager_user_name}),
        "emails": [{"type": "home", "value": hire.home_mail}] if hire.home_mail else None,
        "phoneNumbers": [{"type": "mobile", "value": hire.mobile}] if hire.mobile else None,
        "device": _present({"serialNumber": hire.device_serial, "deviceId": hire.device_id}),
    }
    occurred = event.occurred_at.isoformat().replace("+00:00", "Z")
    text = json.dumps(
        {"type": event.kind.value, "timestamp": occurred, "data": _present(data)},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return _bounded(text)


def from_json(text: str) -> HireEvent:
    """Read an event that `to_json` wrote.

    Raises:
        EventRejectedError: as `parse` does; the text was not written by `to_json`.
    """
    return parse(_bounded(text).encode(errors="surrogatepass"))


def _bounded(text: str) -> str:
    # Holds by the lengths of the fields; stated where a field is added or widened.
    if len(text.encode(errors="surrogatepass")) > MAX_CANONICAL_BYTES:
        raise EventShapeError((FieldFault("/data", f"is longer than {MAX_CANONICAL_BYTES} bytes"),))
    return text


def _present(values: Mapping[str, object]) -> dict[str, object] | None:
    return {name: value for name, value in values.items() if value is not None} or None


def _event(wire: WireEvent) -> HireEvent:
    data = wire.data
    manager = data.manager or WireManager()
    device = data.device or WireDevice()
    hire = HireData(
        external_id=data.external_id,
        display_name=data.display_name,
        start_date=data.start_date,
        start_time=data.start_time,
        timezone=data.timezone,
        site=data.site,
        department=data.department,
        preferred_language=data.preferred_language,
        user_name=data.user_name,
        manager_external_id=manager.external_id,
        manager_user_name=manager.user_name,
        home_mail=_first(data.emails, "home"),
        mobile=_first(data.phone_numbers, "mobile"),
        device_serial=device.serial_number,
        device_id=device.device_id,
    )
    return HireEvent(EventKind(wire.type), wire.timestamp, hire)


def _first(contacts: Sequence[WireContact] | None, kind: str) -> str | None:
    return next((c.value for c in contacts or () if c.value and c.type and c.type.lower() == kind), None)
