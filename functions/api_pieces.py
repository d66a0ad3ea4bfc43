"""Pieces that operations of the API have in common: problems, parameters, bodies and answers, as OpenAPI has them."""

from collections.abc import Iterable
from itertools import groupby

from functions.api_schemas import TEXT, Schema, ref, schemas
from functions.problems import URN, statuses

JSON, PROBLEM = "application/json", "application/problem+json"

APP = ("settings", "storage-unavailable")
ROLE = ("authentication-off", "sign-in", "role-missing", *APP)
ROLLED_BACK, ELSEWHERE = "newer-version", "cross-site"
ONE = (*ROLE, "unknown-onboarding", ROLLED_BACK)
ORDER = (*ONE, ELSEWHERE)
BODY = ("unreadable-body", "payload-too-large", "content-type", "body-shape")
TENANT = ("tenant-busy", "tenant-unavailable", "tenant-refused", "permission-missing")
REFUSED = ("not-for-you", "too-many-refusals")
PAGE = ("authentication-off", "sign-in", "unreadable-body", *REFUSED, "broken-off", *APP)
"""What a route can be answered with that it shares with others: kinds of `functions.problems`."""

KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "New for each request, the same for its retries.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{8,128}$"},
}


def order(name: str, summary: str, problems: Iterable[str]) -> Schema:
    """Describe what is taken on and done later."""
    place = {"Location": {"description": "Where its status is.", "required": True, "schema": TEXT}}
    taken = {**shown("Taken on", "Accepted"), "headers": place}
    return operation(name, summary, {"202": taken}, problems)


def operation(name: str, summary: str, success: Schema, problems: Iterable[str]) -> Schema:
    """Describe an operation: what it answers, and each kind of problem that it may answer instead."""
    return {"operationId": name, "summary": summary, "responses": {**success, **_problems(problems)}}


def _problems(kinds: Iterable[str]) -> Schema:
    """Describe each status that problems of these kinds are answered with, and which kinds those are."""
    status = statuses()
    ordered = sorted(set(kinds), key=lambda kind: (status[kind], kind))
    return {str(number): _problem(list(same)) for number, same in groupby(ordered, key=status.__getitem__)}


def _problem(kinds: list[str]) -> Schema:
    types = {"properties": {"type": {"enum": [f"{URN}{kind}" for kind in kinds]}}}
    schema = {"allOf": [ref("Problem"), types]}
    return {"description": f"Problem: {', '.join(kinds)}", "content": {PROBLEM: {"schema": schema}}}


def needing(role: str, operation: Schema) -> Schema:
    """Say which app role an operation needs."""
    return {**operation, "description": f"Needs the app role `{role}`.", "security": [{"entra": []}]}


def body(name: str, *, required: bool = True) -> Schema:
    """Describe a body in JSON by the name of its schema."""
    return {"required": required, "content": {JSON: {"schema": ref(name)}}}


def shown(description: str, schema: str) -> Schema:
    """Describe an answer in JSON by the name of its schema."""
    return {"description": description, "content": {JSON: {"schema": ref(schema)}}}


def id_in_path(schema: Schema) -> Schema:
    """Describe the id of an onboarding in a path."""
    return {"name": "id", "in": "path", "required": True, "description": "An onboarding's id.", "schema": schema}


def path(name: str, said: str) -> Schema:
    """Describe a part of a path."""
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "description": said, "schema": schema}


def query(name: str, schema: Schema) -> Schema:
    """Describe one parameter of a query."""
    return {"name": name, "in": "query", "required": False, "schema": schema}


def queries(name: str) -> list[Schema]:
    """Describe a query from the model that validates it."""
    model = schemas()[name]
    return [
        {**query(each, schema), "required": each in model["required"]} for each, schema in model["properties"].items()
    ]
