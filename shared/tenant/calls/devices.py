"""Calls that find devices, in the directory and in Windows Autopilot."""

from msgraph.generated.device_management.windows_autopilot_device_identities import (
    windows_autopilot_device_identities_request_builder as autopilot_builders,
)
from msgraph.generated.devices.item.device_item_request_builder import DeviceItemRequestBuilder
from msgraph.generated.devices.item.transitive_member_of.transitive_member_of_request_builder import (
    TransitiveMemberOfRequestBuilder,
)
from msgraph.generated.devices_with_device_id import devices_with_device_id_request_builder as device_builders
from msgraph.generated.users.item.registered_devices.registered_devices_request_builder import (
    RegisteredDevicesRequestBuilder,
)
from msgraph.graph_service_client import GraphServiceClient

from shared.tenant.calls.call import MANY, Call, asking, object_id
from shared.tenant.values import quoted

_DEVICE = ["id", "deviceId", "accountEnabled", "operatingSystem", "trustType", "approximateLastSignInDateTime"]


class DeviceCalls:
    """Builds the calls."""

    def __init__(self, client: GraphServiceClient) -> None:
        self._client = client

    def registered_by(self, user_id: str) -> Call:
        """The devices a user registered. Without Device.Read.All as well they come with their ids only."""
        query = RegisteredDevicesRequestBuilder.RegisteredDevicesRequestBuilderGetQueryParameters(select=_DEVICE)
        builder = self._client.users.by_user_id(object_id(user_id)).registered_devices
        return Call(builder.to_get_request_information(asking(query)), "User.Read.All")

    def groups_of(self, device: str) -> Call:
        """The groups and administrative units a device is in, transitively, by the id of its object."""
        query = TransitiveMemberOfRequestBuilder.TransitiveMemberOfRequestBuilderGetQueryParameters(
            select=["id"], top=MANY
        )
        builder = self._client.devices.by_device_id(object_id(device)).transitive_member_of
        return Call(builder.to_get_request_information(asking(query)), "Device.Read.All")

    def with_object_id(self, device: str) -> Call:
        """One device, by the id of its object."""
        query = DeviceItemRequestBuilder.DeviceItemRequestBuilderGetQueryParameters(select=_DEVICE)
        builder = self._client.devices.by_device_id(object_id(device))
        return Call(builder.to_get_request_information(asking(query)), "Device.Read.All")

    def with_device_id(self, device_id: str) -> Call:
        """One device, by the id that is its own."""
        parameters = device_builders.DevicesWithDeviceIdRequestBuilder
        query = parameters.DevicesWithDeviceIdRequestBuilderGetQueryParameters(select=_DEVICE)
        builder = self._client.devices_with_device_id(object_id(device_id))
        return Call(builder.to_get_request_information(asking(query)), "Device.Read.All")

    def autopilot_identities(self, serial: str) -> Call:
        """The Autopilot identities whose serial number contains this one: Intune refuses `eq` here."""
        parameters = autopilot_builders.WindowsAutopilotDeviceIdentitiesRequestBuilder
        query = parameters.WindowsAutopilotDeviceIdentitiesRequestBuilderGetQueryParameters(
            filter=f"contains(serialNumber,{quoted(serial)})"
        )
        builder = self._client.device_management.windows_autopilot_device_identities
        return Call(builder.to_get_request_information(asking(query)), "DeviceManagementServiceConfig.Read.All")
