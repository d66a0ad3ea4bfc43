"""The Entra tenant: what Microsoft Graph tells and does, one adapter for each subject."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.surroundings import Surroundings

if TYPE_CHECKING:
    from shared.tenant.autopilot import GraphAutopilot
    from shared.tenant.changes import GraphUserChanges
    from shared.tenant.device_states import GraphDeviceStates
    from shared.tenant.devices import GraphDevices
    from shared.tenant.directory import GraphDirectory
    from shared.tenant.grants import GraphGrants
    from shared.tenant.graph import GraphConnection
    from shared.tenant.groups import GraphGroups
    from shared.tenant.hires import TenantHires
    from shared.tenant.licences import GraphLicences
    from shared.tenant.mailboxes import GraphMailboxes
    from shared.tenant.passes import GraphPasses
    from shared.tenant.profiles import GraphProfiles
    from shared.tenant.registrations import GraphRegistrationReport
    from shared.tenant.sign_ins import GraphSignInLog


@dataclass(frozen=True)
class Tenant:
    """All that is asked of Microsoft Graph, but for what messages go by."""

    here: Surroundings

    @cached_property
    def graph(self) -> "GraphConnection":
        """The one connection."""
        from shared.tenant.graph import GraphConnection

        return GraphConnection(self.here.credential, self.here.settings.graph_base_url)

    @cached_property
    def directory(self) -> "GraphDirectory":
        """Accounts, their managers and their privileges."""
        from shared.tenant.directory import GraphDirectory

        return GraphDirectory(self.graph, pim_for_groups=self.here.settings.pim_for_groups)

    @cached_property
    def changes(self) -> "GraphUserChanges":
        """Changes of users, as Entra tells them."""
        from shared.tenant.changes import GraphUserChanges

        return GraphUserChanges(self.graph)

    @cached_property
    def hires(self) -> "TenantHires":
        """Users as records of hires, where Entra itself is the HR system."""
        from shared.tenant.hires import TenantHires

        return TenantHires(self.graph)

    @cached_property
    def passes(self) -> "GraphPasses":
        """Temporary Access Passes, and the policy for them."""
        from shared.tenant.passes import GraphPasses

        return GraphPasses(self.graph)

    @cached_property
    def sign_ins(self) -> "GraphSignInLog":
        """Who signed in, and how."""
        from shared.tenant.sign_ins import GraphSignInLog

        return GraphSignInLog(self.graph)

    @cached_property
    def registrations(self) -> "GraphRegistrationReport":
        """Which methods people have registered."""
        from shared.tenant.registrations import GraphRegistrationReport

        return GraphRegistrationReport(self.graph)

    @cached_property
    def groups(self) -> "GraphGroups":
        """Groups and who is in them."""
        from shared.tenant.groups import GraphGroups

        return GraphGroups(self.graph)

    @cached_property
    def devices(self) -> "GraphDevices":
        """Devices, and who registered them."""
        from shared.tenant.devices import GraphDevices

        return GraphDevices(self.graph)

    @cached_property
    def device_states(self) -> "GraphDeviceStates":
        """What Entra and Intune show of a device."""
        from shared.tenant.device_states import GraphDeviceStates

        return GraphDeviceStates(self.graph)

    @cached_property
    def autopilot(self) -> "GraphAutopilot":
        """Devices that Autopilot knows."""
        from shared.tenant.autopilot import GraphAutopilot

        return GraphAutopilot(self.graph)

    @cached_property
    def profiles(self) -> "GraphProfiles":
        """Profiles of Intune, and to whom they are assigned."""
        from shared.tenant.profiles import GraphProfiles

        return GraphProfiles(self.graph)

    @cached_property
    def grants(self) -> "GraphGrants":
        """Which permissions the app was granted."""
        from shared.tenant.grants import GraphGrants

        return GraphGrants(self.graph, self.here.settings.client_id)

    @cached_property
    def mailboxes(self) -> "GraphMailboxes":
        """Whether the app may send from a mailbox."""
        from shared.tenant.mailboxes import GraphMailboxes

        return GraphMailboxes(self.graph)

    @cached_property
    def licences(self) -> "GraphLicences":
        """What an account is licensed for."""
        from shared.tenant.licences import GraphLicences

        return GraphLicences(self.graph)
