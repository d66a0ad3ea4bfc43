"""Calls that read people: accounts, their managers, their starts and their licences."""

from datetime import date

from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph.graph_service_client import GraphServiceClient

from shared.tenant.calls.call import MANY, Call, asking, object_id
from shared.tenant.values import quoted

HIRE = [
    *("id", "displayName", "userPrincipalName", "department", "officeLocation", "preferredLanguage", "employeeId"),
    *("onPremisesExtensionAttributes", "employeeHireDate"),
]
"""What a hire is read from."""
_ACCOUNT = [
    *("id", "displayName", "userPrincipalName", "createdDateTime", "department", "officeLocation", "mail"),
    *("otherMails", "mobilePhone", "accountEnabled", "userType", "employeeId"),
    *("onPremisesExtensionAttributes", "preferredLanguage"),
]
_MANAGER = "manager($select=id,displayName,mail,userPrincipalName,accountEnabled,officeLocation,preferredLanguage)"


class PeopleCalls:
    """Builds the calls."""

    def __init__(self, client: GraphServiceClient) -> None:
        self._users = client.users

    def account(self, user: str) -> Call:
        """One user by object id or user principal name, with the manager."""
        query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=_ACCOUNT, expand=[_MANAGER])
        return Call(self._users.by_user_id(user).to_get_request_information(asking(query)), "User.Read.All")

    def accounts_with(self, attribute: str, value: str, at_most: int) -> Call:
        """The ids of the users whose attribute has this value.

        An extension attribute is asked for as an advanced query, with its two parameters: the index that serves
        `employeeId` may refuse it.
        """
        advanced = attribute != "employeeId"
        name = f"onPremisesExtensionAttributes/{attribute}" if advanced else attribute
        query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
            filter=f"{name} eq {quoted(value)}", select=["id"], top=at_most, count=True if advanced else None
        )
        request = self._users.to_get_request_information(asking(query))
        if advanced:
            request.headers.add("ConsistencyLevel", "eventual")
        return Call(request, "User.Read.All")

    def hire(self, user_id: str) -> Call:
        """What a user says of his own start."""
        query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=HIRE)
        builder = self._users.by_user_id(object_id(user_id))
        return Call(builder.to_get_request_information(asking(query)), "User.Read.All")

    def hires_since(self, day: date) -> Call:
        """Id and hire date of the users whose hire date is this day or later.

        An advanced query, for by default the hire date is not filtered by; so a date set a moment ago may be missing.
        Source: Microsoft Learn, “user resource type” (`ge` among its operators).
        """
        query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
            filter=f"employeeHireDate ge {day.isoformat()}T00:00:00Z",
            select=["id", "employeeHireDate"],
            top=MANY,
            count=True,
        )
        request = self._users.to_get_request_information(asking(query))
        request.headers.add("ConsistencyLevel", "eventual")
        return Call(request, "User.Read.All")

    def plans(self, user_id: str) -> Call:
        """The service plans that a user is licensed for."""
        query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=["assignedPlans"])
        request = self._users.by_user_id(object_id(user_id)).to_get_request_information(asking(query))
        return Call(request, "User.Read.All")
