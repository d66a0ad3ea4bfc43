"""One Graph call: what a handler is given, what it answers, and the tools nearly all of them need."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.tenant.errors import GraphError, bad_request, not_found
from sandbox.tenant.graph import query, schema
from sandbox.tenant.state import Json, TenantState


@dataclass(frozen=True, slots=True)
class Answer:
    """What Graph sends back. `body` None is an empty body."""

    status: int
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A call past authentication: parameters of its path, query options, headers in lower case, raw body."""

    state: TenantState
    now: datetime
    base_url: str
    version: str
    path: str
    parameters: Mapping[str, str]
    options: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes

    @property
    def select(self) -> tuple[str, ...] | None:
        """Return the properties `$select` names, None for all that are shown unasked."""
        return query.selected(self.options.get("$select"))

    @property
    def advanced(self) -> bool:
        """Tell whether the call asks for the directory's advanced queries (both header and `$count`)."""
        eventual = self.headers.get("consistencylevel", "").casefold() == "eventual"
        return eventual and self.options.get("$count", "").casefold() == "true"

    def json(self) -> Json:
        """Read the body as a JSON object, or raise Graph's 400."""
        if "json" not in self.headers.get("content-type", "json"):
            raise bad_request("Write requests (excluding DELETE) must contain the Content-Type header declaration.")
        try:
            body = json.loads(self.raw or b"null")
        except ValueError:
            raise bad_request("Unable to read JSON request payload. Please ensure Content-Type header is set and "
                              "payload is of valid JSON format.") from None  # fmt: skip
        if not isinstance(body, dict):
            raise bad_request("Empty Payload. JSON content expected.")
        return body

    def context(self, what: str) -> Json:
        """Return the `@odata.context` that leads an answer."""
        return {"@odata.context": f"{self.base_url}/{self.version}/$metadata#{what}"}

    def user(self) -> Json:
        """Return the visible user that the path names, or raise the directory's 404."""
        name = self.parameters["user"]
        found = self.state.user(name)
        if found is None or not self.state.is_visible(found["id"], self.now):
            raise not_found(name)
        return found

    def matching(self, bodies: Iterable[Json], known: frozenset[str], kind: str) -> list[Json]:
        """Apply `$filter`, or raise Graph's 400 for a property the type does not have."""
        text = self.options.get("$filter")
        if not text:
            return list(bodies)
        parsed = query.parse_filter(text)
        schema.check(parsed.properties, known, kind)
        return [body for body in bodies if parsed.test(body)]

    def page(self, items: list[Json], context: str) -> Answer:
        """Answer a collection, a page at a time; `@odata.nextLink` leads on."""
        start, size = self._position()
        body: Json = self.context(context)
        if self.options.get("$count", "").casefold() == "true":
            body["@odata.count"] = len(items)
        if start + size < len(items):
            body["@odata.nextLink"] = self._next_link(start + size)
        body["value"] = items[start : start + size]
        return Answer(200, body)

    def _position(self) -> tuple[int, int]:
        try:
            size = int(self.options.get("$top", self.state.knobs.page_size))
            token = self.options.get("$skiptoken", "")
            start = int(base64.urlsafe_b64decode(token)) if token else 0
        except ValueError:
            raise bad_request("Invalid value for $top or $skiptoken.") from None
        if not 1 <= size <= 999:  # noqa: PLR2004  # Graph's own limit
            raise bad_request("Invalid page size specified. Must be between 1 and 999 inclusive.")
        return start, size

    def _next_link(self, start: int) -> str:
        token = base64.urlsafe_b64encode(str(start).encode()).decode()
        options = {k: v for k, v in self.options.items() if k != "$skiptoken"} | {"$skiptoken": token}
        return f"{self.base_url}/{self.version}/{self.path}?{urlencode(options, safe='$')}"


type Handler = Callable[[Call], Answer]


def text_field(body: Json, name: str, *, default: str | None = None) -> str:
    """Return a string property of a body, or raise Graph's 400."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise cannot_convert(value, "Edm.String")
    return value


def object_value(value: Any, known: frozenset[str], kind: str) -> Json:
    """Return an object within a body with properties that its type has, or raise Graph's 400."""
    if not isinstance(value, dict):
        raise cannot_convert(value, f"microsoft.graph.{kind}")
    schema.check_body(value, known, kind)
    return value


def parameters(body: Json, known: frozenset[str], action: str) -> Json:
    """Return the parameters of an OData action under the names they have in `known`, or raise Graph's 400.

    They have no case: the SDK writes Message, the documentation message.
    """
    spelled = {name.casefold(): name for name in known}
    given = {spelled.get(name.casefold(), name): value for name, value in body.items()}
    schema.check_body(given, known, action)
    return given


def cannot_convert(value: Any, edm_type: str) -> GraphError:
    """Build the 400 for a value of the wrong type."""
    return bad_request(f"Cannot convert the literal '{json.dumps(value)}' to the expected type '{edm_type}'.")
