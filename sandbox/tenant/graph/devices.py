"""Devices as the directory knows them."""

from sandbox.tenant.errors import not_found
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.state import Json, same


def read(call: Call) -> Answer:
    """GET /devices/{id}: the directory object's id, not the deviceId."""
    return _entity(call, call.state.devices.get(call.parameters["id"].lower()), call.parameters["id"])


def read_by_device_id(call: Call) -> Answer:
    """GET /devices(deviceId='…')."""
    wanted = call.parameters["deviceId"]
    found = next((d for d in call.state.devices.values() if same(d["deviceId"], wanted)), None)
    return _entity(call, found, wanted)


def find(call: Call) -> Answer:
    """GET /devices with $filter."""
    found = call.matching(call.state.devices.values(), schema.DEVICE, "device")
    return call.page([schema.choose(d, call.select, schema.DEVICE, "device") for d in found], "devices")


def transitive_member_of(call: Call) -> Answer:
    """GET /devices/{id}/transitiveMemberOf: groups at any depth."""
    wanted = call.parameters["id"]
    if wanted.lower() not in call.state.devices:
        raise not_found(wanted)
    groups = [call.state.groups[group] for group in call.state.groups_of(wanted.lower())]
    shown = [schema.choose(group, call.select, schema.DIRECTORY_OBJECT, "directoryObject") for group in groups]
    return call.page([{"@odata.type": "#microsoft.graph.group"} | group for group in shown], "directoryObjects")


def _entity(call: Call, found: Json | None, wanted: str) -> Answer:
    if found is None:
        raise not_found(wanted)
    return Answer(200, call.context("devices/$entity") | schema.choose(found, call.select, schema.DEVICE, "device"))
