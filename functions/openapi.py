"""The API as OpenAPI 3.1, made from the models that validate and the problems that are answered."""
# ruff: noqa: PLC0415 - the document is made when it is first asked for

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import azure.functions as func

from functions.problems import answer
from shared.services import Services

Schema = dict[str, Any]

ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "An onboarding's id.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{25}$"},
}
JSON, PROBLEM = "application/json", "application/problem+json"


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:  # noqa: ARG001 - like every doorway
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("openapi")
    @blueprint.route(route="api/openapi.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def openapi(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the same for everybody
        """Show the API's description."""
        return answer(document())

    return blueprint


@cache
def document() -> Schema:
    """Make the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Day One Pass",
            "version": "1",
            "description": "A new hire's first sign-in. No answer holds a pass but that of `/pass/{id}/reveal`.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "entra": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A Microsoft Entra token for this app, checked by App Service authentication.",
                }
            },
        },
    }


def _paths() -> Schema:
    return {
        "/api/hr/{source}": _hr(),
        "/api/passes": {
            "post": _operation(
                "pass_request",
                "Ask for a pass, now or from a given start",
                {202: "Accepted"},
                problems=(400, 401, 403, 409, 413, 415, 422, 503),
                body="PassRequest",
                parameters=[
                    {
                        "name": "Idempotency-Key",
                        "in": "header",
                        "required": True,
                        "description": "New for each request, the same for its retries.",
                        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{8,128}$"},
                    }
                ],
                role="Pass.Request",
            ),
            "get": _operation(
                "pass_list",
                "List onboardings: all of one user, or page by page",
                {200: "Page"},
                problems=(400, 401, 403, 503),
                parameters=[
                    _query("user", {"type": "string", "minLength": 1, "maxLength": 254}),
                    _query("status", {"$ref": "#/components/schemas/Status"}),
                    _query("after", {"type": "string", "pattern": "^[0-9a-f]{1,25}~?$"}),
                ],
                role="Pass.Read",
            ),
        },
        "/api/passes/{id}": {
            "parameters": [ID],
            "get": _operation(
                "pass_status",
                "Show one onboarding with its history; never a secret",
                {200: "Onboarding"},
                problems=(401, 403, 404, 503),
                role="Pass.Read",
            ),
            "delete": _operation(
                "pass_revoke",
                "Take a pass back",
                {202: "Accepted"},
                problems=(401, 403, 404, 409, 503),
                role="Pass.Request",
            ),
        },
        "/api/passes/{id}/resend": _post(
            "pass_resend", "Send a fresh link, and a fresh pass if one was made", "Resend", (400, 413, 415, 422)
        ),
        "/api/passes/{id}/confirm": _post("pass_confirm", "Release what waits for a person", None, ()),
        "/api/passes/{id}/retry": _post("pass_retry", "Put what waits or failed back to work", None, ()),
        "/pass/{id}": {
            "parameters": [_any_id()],
            "get": {
                "operationId": "pass_page",
                "summary": "The hand-over page, the same for every id",
                "responses": {"200": {"description": "The page", "content": {"text/html": {}}}},
            },
        },
        "/pass/{id}/state": _page_question("pass_state", "Where the hand-over stands, for the proven person", "View"),
        "/pass/{id}/reveal": _page_question("pass_reveal", "The pass, for the one claim", "Revealed", (409,)),
        "/api/health": {
            "get": {
                "operationId": "health",
                "summary": "Alive or not; with Pass.Read also what it is busy with",
                "responses": {
                    "200": _content("Alive", JSON, "Health"),
                    "503": {
                        "description": "Not alive, or no answer from storage",
                        "content": {JSON: _ref("Health"), PROBLEM: _ref("Problem")},
                    },
                },
            }
        },
        "/api/openapi.json": {
            "get": {
                "operationId": "openapi",
                "summary": "This document",
                "responses": {
                    "200": {"description": "The document", "content": {JSON: {"schema": {"type": "object"}}}}
                },
            }
        },
    }


def _hr() -> Schema:
    source = {"name": "source", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = [{"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in names]
    handshake = {
        "responses": {
            "204": {"description": "There is such a source"},
            "404": {"description": "There is none"},
            "503": _content("The app cannot answer now", PROBLEM, "Problem"),
        }
    }
    return {
        "parameters": [source],
        "post": {
            **_operation(
                "hr_event",
                "Post one signed HR event (Standard Webhooks)",
                {202: "Outcome"},
                problems=(400, 401, 404, 413, 415, 422, 503),
                body="HireEvent",
                parameters=headers,
            )
        },
        "get": {"operationId": "hr_handshake_get", "summary": "Is there such a source", **handshake},
        "options": {"operationId": "hr_handshake_options", "summary": "Is there such a source", **handshake},
    }


def _operation(  # noqa: PLR0913 - what an operation is made of, by name
    name: str,
    summary: str,
    success: Mapping[int, str],
    *,
    problems: tuple[int, ...],
    body: str | None = None,
    parameters: list[Schema] | None = None,
    role: str | None = None,
) -> Schema:
    operation: Schema = {"operationId": name, "summary": summary}
    if parameters:
        operation["parameters"] = parameters
    if role:
        operation["description"] = f"Needs the app role `{role}`."
        operation["security"] = [{"entra": []}]
    if body:
        operation["requestBody"] = {"required": True, "content": {JSON: _ref(body)}}
    operation["responses"] = {
        **{str(status): _content(schema, JSON, schema) for status, schema in success.items()},
        **{str(status): _content("What is wrong, and what to do", PROBLEM, "Problem") for status in problems},
    }
    return operation


def _post(name: str, summary: str, body: str | None, more: tuple[int, ...]) -> Schema:
    role = "Pass.Request" if name == "pass_resend" else "Pass.Admin"
    problems = tuple(sorted({401, 403, 404, 409, 503, *more}))
    operation = _operation(name, summary, {202: "Accepted"}, problems=problems, body=body, role=role)
    if body:
        operation["requestBody"]["required"] = False
    return {"parameters": [ID], "post": operation}


def _page_question(name: str, summary: str, schema: str, more: tuple[int, ...] = ()) -> Schema:
    problems = tuple(sorted({400, 401, 403, 503, *more}))
    operation = _operation(name, summary, {200: schema}, problems=problems, body="Question")
    operation["security"] = [{"entra": []}]
    return {"parameters": [_any_id()], "post": operation}


def _any_id() -> Schema:
    return {**ID, "schema": {"type": "string", "minLength": 1}}


def _query(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _ref(name: str) -> Schema:
    return {"schema": {"$ref": f"#/components/schemas/{name}"}}


def _content(description: str, kind: str, schema: str) -> Schema:
    return {"description": description, "content": {kind: _ref(schema)}}


def _schemas() -> Schema:
    from pydantic import TypeAdapter

    from functions.bodies import PassRequest, Resend
    from functions.problems import types
    from shared.handover.answers import State
    from shared.onboarding.model import Status
    from shared.onboarding.reasons import Reason
    from shared.sources.wire import WireEvent

    text, instant = {"type": "string"}, {"type": "string", "format": "date-time"}
    template = "#/components/schemas/{model}"
    schemas: Schema = {}
    for model in (PassRequest, Resend, WireEvent):
        whole = TypeAdapter(model).json_schema(by_alias=True, ref_template=template)
        schemas |= whole.pop("$defs", {})
        schemas["HireEvent" if model is WireEvent else model.__name__] = whole
    hours = {"validFrom": instant, "validUntil": instant}
    return {
        **schemas,
        "Status": {"type": "string", "enum": [one.value for one in Status]},
        "Reason": {"type": "string", "enum": [one.value for one in Reason]},
        "Accepted": _object({"id": text, "status": {"$ref": "#/components/schemas/Status"}}),
        "Outcome": _object({"outcome": text}),
        "Onboarding": _object({"id": text, "status": {"$ref": "#/components/schemas/Status"}}, more=True),
        "Page": _object(
            {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/Onboarding"}},
                "after": {"type": ["string", "null"]},
            }
        ),
        "Question": {
            "type": "object",
            "properties": {
                "key": {**text, "description": "The link's key, from the address's fragment."},
                "claim": {**text, "description": "The page's random claim id; `reveal` needs it."},
                "done": {"type": "boolean", "description": "The hire is in: erase the pass."},
            },
        },
        "View": _object(
            {"state": {"type": "string", "enum": [one.value for one in State]}, "opensAt": instant, **hours}, more=True
        ),
        "Revealed": {"anyOf": [_object({"pass": text, **hours}, more=True), _object({"done": {"type": "boolean"}})]},
        "Health": _object({"status": {"type": "string", "enum": ["alive", "not-alive"]}}, more=True),
        "Problem": _object(
            {
                "type": {"type": "string", "enum": types()},
                "title": text,
                "status": {"type": "integer"},
                "detail": text,
            },
            more=True,
        ),
    }


def _object(properties: Schema, *, more: bool = False) -> Schema:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": more,
    }
