"""Calls by which changes of users are heard of: subscriptions, and the delta query."""

from collections.abc import Mapping
from datetime import datetime

from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from shared.tenant.calls.call import Call, object_id, plain_change, plain_get
from shared.tenant.calls.people import HIRE
from shared.tenant.values import utc

_SUBSCRIPTIONS = "/subscriptions"
_SUBSCRIPTION = "/subscriptions/{id}"


class ChangeCalls:
    """Builds the calls."""

    def subscribe(self, wanted: Mapping[str, str]) -> Call:
        """Have changes of users told to an address, for as long as is wanted."""
        return Call(plain_change(Method.POST, _SUBSCRIPTIONS, {}, wanted), "User.Read.All")

    def renew(self, subscription_id: str, until: datetime) -> Call:
        """Have changes told for longer; it authorizes anew as well."""
        ids, body = {"id": object_id(subscription_id)}, {"expirationDateTime": utc(until)}
        return Call(plain_change(Method.PATCH, _SUBSCRIPTION, ids, body), "User.Read.All")

    def unsubscribe(self, subscription_id: str) -> Call:
        """Have changes told no more."""
        ids = {"id": object_id(subscription_id)}
        return Call(RequestInformation(Method.DELETE, f"{{+baseurl}}{_SUBSCRIPTION}", ids), "User.Read.All")

    def changed_hires(self) -> Call:
        """Nobody yet, and the link by which to ask who has changed in what a hire is read from."""
        query = {"%24select": HIRE, "%24deltatoken": "latest"}
        return Call(plain_get("/users/delta{?%24select,%24deltatoken}", {}, query), "User.Read.All")
