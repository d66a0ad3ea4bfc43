"""All calls of the app, one room for each subject."""

from msgraph.graph_service_client import GraphServiceClient

from shared.tenant.calls.changes import ChangeCalls
from shared.tenant.calls.devices import DeviceCalls
from shared.tenant.calls.groups import GroupCalls
from shared.tenant.calls.messages import MessageCalls
from shared.tenant.calls.passes import PassCalls
from shared.tenant.calls.people import PeopleCalls
from shared.tenant.calls.privileges import PrivilegeCalls
from shared.tenant.calls.profiles import ProfileCalls
from shared.tenant.calls.readiness import ReadinessCalls
from shared.tenant.calls.reports import ReportCalls


class GraphCalls:
    """Builds the calls, by subject. What an administrator's own sign-in asks besides is not among them."""

    def __init__(self, client: GraphServiceClient) -> None:
        self.people = PeopleCalls(client)
        self.privileges = PrivilegeCalls(client)
        self.groups = GroupCalls(client)
        self.devices = DeviceCalls(client)
        self.readiness = ReadinessCalls()
        self.passes = PassCalls(client)
        self.profiles = ProfileCalls()
        self.messages = MessageCalls(client)
        self.reports = ReportCalls(client)
        self.changes = ChangeCalls()
