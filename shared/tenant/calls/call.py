"""One request to Microsoft Graph, and what all that build one share."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from shared.tenant.values import is_object_id

MANY = 999
"""The longest page that Graph gives of most lists."""
_ENCODED = re.compile(r"(?:%2Did|%2D)(?=\w*\})")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to Graph. `permission`: the least application permission; its repr shows no address, no body."""

    request: RequestInformation
    permission: str
    beta: bool = False

    @property
    def reads(self) -> bool:
        """Whether it is a GET."""
        return self.request.http_method is Method.GET

    @property
    def method(self) -> str:
        """Its HTTP method."""
        return str(self.request.http_method.value) if self.request.http_method else ""

    @property
    def template(self) -> str:
        """Its path with names in the place of ids, and no query: `/users/{user}/sendMail`. Of a next page: nothing."""
        path = (self.request.url_template or "").partition("{?")[0].removeprefix("{+baseurl}")
        return _ENCODED.sub("", path)

    def continued_at(self, url: str) -> "Call":
        """Continue a list at the link that Graph gave. That it leads to Graph is for the caller to check."""
        request = RequestInformation(Method.GET, self.request.url_template)
        request.url = url
        request.headers.add_all(self.request.headers.get_all())
        return replace(self, request=request)

    def __repr__(self) -> str:
        return f"Call({self.request.http_method}, {self.permission})"


def asking(query: Any) -> RequestConfiguration[Any]:
    """Return what a builder takes to ask with these query parameters."""
    return RequestConfiguration(query_parameters=query)


def plain_get(path: str, ids: Mapping[str, str], query: Mapping[str, object]) -> RequestInformation:
    """Build a GET without a builder. `path` is a URI template, the names in its query are encoded: `%24select`."""
    request = RequestInformation(Method.GET, f"{{+baseurl}}{path}", dict(ids))
    request.query_parameters.update(query)
    request.headers.try_add("Accept", "application/json")
    return request


def plain_change(method: Method, path: str, ids: Mapping[str, str], body: Mapping[str, Any]) -> RequestInformation:
    """Build what is no GET without a builder, with a body of JSON. `path` is a URI template."""
    request = RequestInformation(method, f"{{+baseurl}}{path}", dict(ids))
    request.set_stream_content(json.dumps(dict(body)).encode(), "application/json")
    return request


def object_id(value: str) -> str:
    """Return an id after a look at it: an empty one would turn a path into that of the whole collection.

    Raises:
        ValueError: it is no object id.
    """
    if is_object_id(value):
        return value
    raise ValueError("not an object id: nothing is asked of Microsoft Graph")
