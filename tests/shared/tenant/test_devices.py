"""Devices from Graph: found by either id or by serial number, which can show Web sign-in, which groups they are in."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.tenant.autopilot import GraphAutopilot
from shared.tenant.devices import GraphDevices
from shared.tenant.errors import PermissionMissingError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.devices import AutopilotIdentity, Device
from tests.shared.tenant.stand_in import GROUP, USER, Answer, FakeGraph

REGISTERED = f"/v1.0/users/{USER}/registeredDevices"
LAPTOP = "33333333-3333-4333-8333-333333333333"
OWN_ID = "44444444-4444-4444-8444-444444444444"
SERIAL = "PF1D'7"


def device(number: int, **but: Any) -> dict[str, Any]:
    """Return a device as Graph lists it; `number` is the last character of its id."""
    usual = {"deviceId": OWN_ID, "accountEnabled": True, "operatingSystem": "Windows", "trustType": "AzureAd"}
    return {"id": f"{LAPTOP[:-1]}{number}", "approximateLastSignInDateTime": None, **usual, **but}


@pytest.fixture
def devices(connection: GraphConnection) -> GraphDevices:
    """Give the adapter under test."""
    return GraphDevices(connection)


async def test_the_one_signed_in_to_last_comes_first(devices: GraphDevices, fake: FakeGraph) -> None:
    """A device nobody is known to have signed in to comes last; only what is asked about is selected."""
    found = [
        device(1, approximateLastSignInDateTime="2030-05-01T08:00:00Z"),
        device(2),
        device(3, approximateLastSignInDateTime="2030-05-02T08:00:00Z"),
    ]
    fake.on("GET", REGISTERED, Answer(200, {"value": found}))
    assert [each.id[-1] for each in await devices.registered_by(USER)] == ["3", "1", "2"]
    assert fake.asked[0].query == {
        "$select": "id,deviceId,accountEnabled,operatingSystem,trustType,approximateLastSignInDateTime"
    }


async def test_what_cannot_show_web_sign_in_is_left_out(devices: GraphDevices, fake: FakeGraph) -> None:
    """A phone, a device that is only registered or hybrid joined, a disabled one."""
    found = [
        device(1, operatingSystem="iOS", trustType="Workplace"),
        device(2, trustType="Workplace"),
        device(3, trustType="ServerAd"),
        device(4, accountEnabled=False),
        device(5),
    ]
    fake.on("GET", REGISTERED, Answer(200, {"value": found}))
    assert await devices.registered_by(USER) == (Device(f"{LAPTOP[:-1]}5", OWN_ID),)


async def test_devices_that_are_named_but_not_shown_are_a_missing_permission(
    devices: GraphDevices, fake: FakeGraph
) -> None:
    """An app that may not read devices gets their ids and nulls: that is not "no device"."""
    hidden = {"operatingSystem": None, "trustType": None, "accountEnabled": None}
    fake.on("GET", REGISTERED, Answer(200, {"value": [device(1, **hidden)]}))
    with pytest.raises(PermissionMissingError) as raised:
        await devices.registered_by(USER)
    assert raised.value.permission == "Device.Read.All"


async def test_only_groups_count_as_groups(devices: GraphDevices, fake: FakeGraph) -> None:
    """An administrative unit that holds the device is none; ids compare in lower case, as settings keep them."""
    found = [
        {"@odata.type": "#microsoft.graph.group", "id": GROUP.upper()},
        {"@odata.type": "#microsoft.graph.administrativeUnit", "id": USER},
    ]
    fake.on("GET", f"/v1.0/devices/{LAPTOP}/transitiveMemberOf", Answer(200, {"value": found}))
    assert await devices.groups_of(Device(LAPTOP, OWN_ID, datetime(2030, 5, 1, tzinfo=UTC))) == {GROUP}


async def test_a_device_is_found_by_either_id_in_lower_case(devices: GraphDevices, fake: FakeGraph) -> None:
    """Its own id is a key of its own in Graph; what is no id at all is never asked about."""
    found = Answer(200, device(1, id=LAPTOP.upper(), deviceId=OWN_ID.upper()))
    fake.on("GET", rf"/v1.0/devices\(deviceId='{OWN_ID}'\)", found)
    fake.on("GET", f"/v1.0/devices/{LAPTOP}", found)
    assert await devices.with_device_id(OWN_ID) == await devices.with_object_id(LAPTOP) == Device(LAPTOP, OWN_ID)
    assert (await devices.with_device_id(LAPTOP), await devices.with_object_id(OWN_ID)) == (None, None)
    asked = len(fake.asked)
    assert (await devices.with_device_id("x') or 1"), await devices.with_object_id("../users")) == (None, None)
    assert len(fake.asked) == asked


async def test_autopilot_knows_a_device_by_its_whole_serial_number(
    connection: GraphConnection, fake: FakeGraph
) -> None:
    """Graph finds all that contain it; an id of zeros says that the directory has no device for it."""
    nothing = "00000000-0000-0000-0000-000000000000"
    found = [
        {"serialNumber": SERIAL.lower(), "azureActiveDirectoryDeviceId": OWN_ID.upper()},
        {"serialNumber": SERIAL, "azureActiveDirectoryDeviceId": nothing},
        {"serialNumber": f"{SERIAL}X", "azureActiveDirectoryDeviceId": LAPTOP},
    ]
    fake.on("GET", "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities", Answer(200, {"value": found}))
    expected = (AutopilotIdentity(SERIAL.lower(), OWN_ID), AutopilotIdentity(SERIAL, None))
    assert await GraphAutopilot(connection).identities(SERIAL) == expected
    assert fake.asked[0].query == {"$filter": "contains(serialNumber,'PF1D''7')"}
