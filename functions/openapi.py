"""The API as OpenAPI 3.1, made from the models that validate and the problems that are answered."""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby

import azure.functions as func

from functions.api_schemas import ID, TEXT, Schema, ref, schemas
from functions.problems import URN, answer, statuses
from shared.services import Services

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
            "schemas": schemas(),
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
    one = {"parameters": [_id({"type": "string", "pattern": ID})]}
    any_one = {"parameters": [_id({"type": "string", "minLength": 1})]}
    return {
        "/api/hr/{source}": _hr(),
        **_deliveries(),
        "/api/passes": {"post": _request(), "get": _list()},
        "/api/passes/confirm": {"post": _confirm_all()},
        "/api/passes/table": {"post": _table()},
        "/api/passes/{id}": {
            **one,
            "get": _for(
                "Pass.Read",
                _operation(
                    "pass_status",
                    "Show one onboarding with its history; never a secret",
                    {"200": _json("The onboarding", "Onboarding")},
                    ONE,
                ),
            ),
            "delete": _for("Pass.Request", _order("pass_revoke", "Take a pass back", (*ORDER, "ended"))),
        },
        "/api/passes/{id}/resend": {**one, "post": _resend()},
        "/api/passes/{id}/confirm": {**one, "post": _confirm()},
        "/api/passes/{id}/retry": {
            **one,
            "post": _for(
                "Pass.Admin",
                _order("pass_retry", "Put what waits or failed back to work", (*ORDER, "nothing-to-retry")),
            ),
        },
        "/api/people/{source}/{externalId}": _person(),
        "/pass/{id}": {**any_one, "get": _page()},
        "/pass/{id}/state": {
            **any_one,
            "post": _question("pass_state", "Where the hand-over stands, for the proven person", "View"),
        },
        "/pass/{id}/reveal": {
            **any_one,
            "post": _question(
                "pass_reveal",
                "The pass, for the one claim",
                "Revealed",
                *("no-claim", "not-to-be-shown", "seal-broken"),
            ),
        },
        "/pass/{id}/reissue": {
            **any_one,
            "post": _question(
                "pass_reissue", "Have the pass made anew, after its end or where it did not work", "View"
            ),
        },
        "/pass/{id}/code": {
            **any_one,
            "get": _page("pass_code_page", "The page of whoever holds a hire's code, the same for every id"),
            "post": _question(
                "pass_code", "How it stands with a hire's code, and a fresh one, for the manager who holds it", "Code"
            ),
        },
        "/api/health": {"get": _health()},
        "/api/readiness": {"get": _readiness()},
        "/api/openapi.json": {"get": _itself()},
    }


KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "New for each request, the same for its retries.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{8,128}$"},
}


def _table() -> Schema:
    asked = {"202": _json("What became of each row", "Table"), "200": _json("What would become of each row", "Table")}
    problems = (*ROLE, ELSEWHERE, *BODY, *TENANT, "idempotency-key", "unknown-source", "rows-refused", ROLLED_BACK)
    operation = _operation("pass_table", "Ask for the passes of all rows of a table, or of none", asked, problems)
    file = {"required": True, "content": {"text/csv": {"schema": TEXT}}}
    return _for("Pass.Request", {**operation, "parameters": [KEY, *_of_query("TableQuery")], "requestBody": file})


def _of_query(name: str) -> list[Schema]:
    """Describe a query from the model that validates it."""
    model = schemas()[name]
    return [
        {**_query(each, schema), "required": each in model["required"]} for each, schema in model["properties"].items()
    ]


def _request() -> Schema:
    problems = (*ROLE, ELSEWHERE, *BODY, *TENANT, "idempotency-key", "refused", "key-reused", "on-its-way", ROLLED_BACK)
    order = _order("pass_request", "Ask for a pass, now or from a given start", problems)
    return _for("Pass.Request", {**order, "parameters": [KEY], "requestBody": _body("PassRequest")})


def _list() -> Schema:
    operation = _operation(
        "pass_list",
        "List onboardings: all of one user, or page by page",
        {"200": _json("A page of them", "Page")},
        (*ROLE, *TENANT, "query", ROLLED_BACK),
    )
    parameters = [
        _query("user", {"type": "string", "minLength": 1, "maxLength": 254}),
        _query("status", ref("Status")),
        _query("after", {"type": "string", "pattern": "^[0-9a-f]{1,25}~?$"}),
    ]
    return _for("Pass.Read", {**operation, "parameters": parameters})


def _resend() -> Schema:
    problems = (*ORDER, *BODY, *TENANT, "ended", "already-opened", "own-case", "refused")
    order = _order("pass_resend", "Send a fresh link, and a fresh pass if one was made", problems)
    return _for("Pass.Request", {**order, "requestBody": _body("Resend", required=False)})


def _confirm() -> Schema:
    problems = (*ORDER, *BODY, "nothing-to-release", "other-account", "own-case", "person-needed")
    order = _order("pass_confirm", "Release what waits for a person", problems)
    return _for("Pass.Admin", {**order, "requestBody": _body("Release", required=False)})


def _confirm_all() -> Schema:
    operation = _operation(
        "pass_confirm_all",
        "Let go of hires of one source that are held back, up to 500 at a time",
        {"202": _json("Who goes on, and how many are still held back for this reason", "LetGo")},
        (*ROLE, ELSEWHERE, *BODY, "person-needed"),
    )
    return _for("Pass.Admin", {**operation, "requestBody": _body("Confirmation")})


def _hr() -> Schema:
    source = _path("source", "An HR source, by its name in HR_SOURCES.")
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = [{"name": name, "in": "header", "required": True, "schema": TEXT} for name in names]
    refusals = ("unreadable-body", "signature-rejected", "unknown-source", "payload-too-large", "content-type")
    event = _operation(
        "hr_event",
        "Post one signed HR event, as a source of the kind `standard` (Standard Webhooks)",
        {"202": _json("What it led to", "Outcome")},
        (*refusals, "event-shape", ROLLED_BACK, *APP),
    )
    known = {"204": {"description": "There is such a source"}}
    others = "Sources of other kinds take what their HR system posts, and answer as it wants."
    greeting = "Answer the handshake of the source's kind, or say that there is such a source"
    return {
        "parameters": [source],
        "post": {**event, "description": others, "parameters": headers, "requestBody": _body("HireEvent")},
        "get": _operation("hr_handshake_get", greeting, known, ("settings", "unknown-source")),
        "options": _operation("hr_handshake_options", greeting, known, ("settings", "unknown-source")),
    }


def _deliveries() -> Schema:
    source, one = _path("source", "An HR source, by its name in HR_SOURCES."), _path("id", "A delivery's id.")
    before = _query("before", {"type": "string", "pattern": "^([0-9a-f]{24})?$"})
    page = {"200": _json("The newest first", "Deliveries")}
    listed = _operation(
        "delivery_list", "List what a source delivered lately", page, (*ROLE, "unknown-source", "query")
    )
    kept = (*ROLE, "unknown-source", "unknown-delivery", "not-openable")
    masked = {"200": _json("The delivery, every value masked", "MaskedDelivery")}
    shown = _operation("delivery_show", "Show a delivery with every value masked", masked, kept)
    became = {"200": _json("What became of it now", "Replayed")}
    again = _operation(
        "delivery_replay", "Run a delivery again", became, (*kept, ELSEWHERE, "person-needed", ROLLED_BACK)
    )
    place = "/api/hr/{source}/deliveries"
    return {
        place: {"parameters": [source], "get": _for("Pass.Admin", {**listed, "parameters": [before]})},
        f"{place}/{{id}}": {"parameters": [source, one], "get": _for("Pass.Admin", shown)},
        f"{place}/{{id}}/replay": {"parameters": [source, one], "post": _for("Pass.Admin", again)},
    }


def _page(name: str = "pass_page", summary: str = "The hand-over page, the same for every id") -> Schema:
    page = {"200": {"description": "The page", "content": {"text/html": {}}}}
    return _operation(name, summary, page, ())


def _question(name: str, summary: str, schema: str, *problems: str) -> Schema:
    operation = _operation(name, summary, {"200": _json("The answer", schema)}, (*PAGE, *problems))
    # The empty requirement: with a hire's link nobody signs in.
    return {**operation, "requestBody": _body("Question"), "security": [{"entra": []}, {}]}


def _health() -> Schema:
    summary = "Alive or not; with Pass.Read also what it is busy with"
    operation = _operation("health", summary, {"200": _json("Alive", "Health")}, APP)
    operation["responses"]["503"]["content"][JSON] = {"schema": ref("Health")}
    return operation


def _readiness() -> Schema:
    summary = "Check up on the tenant; the report is kept for five minutes"
    return _for("Pass.Read", _operation("readiness", summary, {"200": _json("The report", "Readiness")}, ROLE))


def _itself() -> Schema:
    document = {"description": "The document", "content": {JSON: {"schema": {"type": "object"}}}}
    return _operation("openapi", "This document", {"200": document}, ())


def _person() -> Schema:
    names = {
        "source": "The HR source that named the person; `ad-hoc` for passes asked for by hand.",
        "externalId": "The person's id there; for `ad-hoc` the account's object id.",
    }
    operation = _operation(
        "person_erase",
        "Erase everything about a person; what lives is revoked first",
        {"202": _json("What was found, and is erased as soon as no pass of it is left", "Erasing")},
        (*ROLE, ELSEWHERE, "unknown-person", ROLLED_BACK),
    )
    return {
        "parameters": [_path(name, said) for name, said in names.items()],
        "delete": _for("Pass.Admin", operation),
    }


def _order(name: str, summary: str, problems: Iterable[str]) -> Schema:
    """Describe what is taken on and done later."""
    place = {"Location": {"description": "Where its status is.", "required": True, "schema": TEXT}}
    taken = {**_json("Taken on", "Accepted"), "headers": place}
    return _operation(name, summary, {"202": taken}, problems)


def _operation(name: str, summary: str, success: Schema, problems: Iterable[str]) -> Schema:
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


def _for(role: str, operation: Schema) -> Schema:
    return {**operation, "description": f"Needs the app role `{role}`.", "security": [{"entra": []}]}


def _body(name: str, *, required: bool = True) -> Schema:
    return {"required": required, "content": {JSON: {"schema": ref(name)}}}


def _json(description: str, schema: str) -> Schema:
    return {"description": description, "content": {JSON: {"schema": ref(schema)}}}


def _id(schema: Schema) -> Schema:
    return {"name": "id", "in": "path", "required": True, "description": "An onboarding's id.", "schema": schema}


def _path(name: str, said: str) -> Schema:
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "description": said, "schema": schema}


def _query(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema}
