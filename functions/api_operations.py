"""Every operation of the API: what it takes, what it answers, and what can be in its way."""

from functions import api_pieces as api
from functions.api_pieces import APP, BODY, ELSEWHERE, JSON, KEY, ONE, ORDER, PAGE, ROLE, ROLLED_BACK, TENANT
from functions.api_schemas import ID, TEXT, Schema, ref


def paths() -> Schema:
    """Describe every route."""
    one = {"parameters": [api.id_in_path({"type": "string", "pattern": ID})]}
    any_one = {"parameters": [api.id_in_path({"type": "string", "minLength": 1})]}
    return {
        "/api/hr/{source}": _hr(),
        **_deliveries(),
        "/api/passes": {"post": _request(), "get": _list()},
        "/api/passes/confirm": {"post": _confirm_all()},
        "/api/passes/table": {"post": _table()},
        "/api/passes/{id}": {
            **one,
            "get": api.needing(
                "Pass.Read",
                api.operation(
                    "pass_status",
                    "Show one onboarding with its history; never a secret",
                    {"200": api.shown("The onboarding", "Onboarding")},
                    ONE,
                ),
            ),
            "delete": api.needing("Pass.Request", api.order("pass_revoke", "Take a pass back", (*ORDER, "ended"))),
        },
        "/api/passes/{id}/resend": {**one, "post": _resend()},
        "/api/passes/{id}/confirm": {**one, "post": _confirm()},
        "/api/passes/{id}/retry": {
            **one,
            "post": api.needing(
                "Pass.Admin",
                api.order("pass_retry", "Put what waits or failed back to work", (*ORDER, "nothing-to-retry")),
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


def _table() -> Schema:
    asked = {
        "202": api.shown("What became of each row", "Table"),
        "200": api.shown("What would become of each row", "Table"),
    }
    problems = (*ROLE, ELSEWHERE, *BODY, *TENANT, "idempotency-key", "unknown-source", "rows-refused", ROLLED_BACK)
    operation = api.operation("pass_table", "Ask for the passes of all rows of a table, or of none", asked, problems)
    file = {"required": True, "content": {"text/csv": {"schema": TEXT}}}
    return api.needing(
        "Pass.Request", {**operation, "parameters": [KEY, *api.queries("TableQuery")], "requestBody": file}
    )


def _request() -> Schema:
    problems = (*ROLE, ELSEWHERE, *BODY, *TENANT, "idempotency-key", "refused", "key-reused", "on-its-way", ROLLED_BACK)
    order = api.order("pass_request", "Ask for a pass, now or from a given start", problems)
    return api.needing("Pass.Request", {**order, "parameters": [KEY], "requestBody": api.body("PassRequest")})


def _list() -> Schema:
    operation = api.operation(
        "pass_list",
        "List onboardings: all of one user, or page by page",
        {"200": api.shown("A page of them", "Page")},
        (*ROLE, *TENANT, "query", ROLLED_BACK),
    )
    parameters = [
        api.query("user", {"type": "string", "minLength": 1, "maxLength": 254}),
        api.query("status", ref("Status")),
        api.query("after", {"type": "string", "pattern": "^[0-9a-f]{1,25}~?$"}),
    ]
    return api.needing("Pass.Read", {**operation, "parameters": parameters})


def _resend() -> Schema:
    problems = (*ORDER, *BODY, *TENANT, "ended", "already-opened", "own-case", "refused")
    order = api.order("pass_resend", "Send a fresh link, and a fresh pass if one was made", problems)
    return api.needing("Pass.Request", {**order, "requestBody": api.body("Resend", required=False)})


def _confirm() -> Schema:
    problems = (*ORDER, *BODY, "nothing-to-release", "other-account", "own-case", "person-needed")
    order = api.order("pass_confirm", "Release what waits for a person", problems)
    return api.needing("Pass.Admin", {**order, "requestBody": api.body("Release", required=False)})


def _confirm_all() -> Schema:
    operation = api.operation(
        "pass_confirm_all",
        "Let go of hires of one source that are held back, up to 500 at a time",
        {"202": api.shown("Who goes on, and how many are still held back for this reason", "LetGo")},
        (*ROLE, ELSEWHERE, *BODY, "person-needed"),
    )
    return api.needing("Pass.Admin", {**operation, "requestBody": api.body("Confirmation")})


def _hr() -> Schema:
    source = api.path("source", "An HR source, by its name in HR_SOURCES.")
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = [{"name": name, "in": "header", "required": True, "schema": TEXT} for name in names]
    refusals = ("unreadable-body", "signature-rejected", "unknown-source", "payload-too-large", "content-type")
    event = api.operation(
        "hr_event",
        "Post one signed HR event, as a source of the kind `standard` (Standard Webhooks)",
        {"202": api.shown("What it led to", "Outcome")},
        (*refusals, "event-shape", ROLLED_BACK, *APP),
    )
    known = {"204": {"description": "There is such a source"}}
    others = "Sources of other kinds take what their HR system posts, and answer as it wants."
    greeting = "Answer the handshake of the source's kind, or say that there is such a source"
    return {
        "parameters": [source],
        "post": {**event, "description": others, "parameters": headers, "requestBody": api.body("HireEvent")},
        "get": api.operation("hr_handshake_get", greeting, known, ("settings", "unknown-source")),
        "options": api.operation("hr_handshake_options", greeting, known, ("settings", "unknown-source")),
    }


def _deliveries() -> Schema:
    source, one = api.path("source", "An HR source, by its name in HR_SOURCES."), api.path("id", "A delivery's id.")
    before = api.query("before", {"type": "string", "pattern": "^([0-9a-f]{24})?$"})
    page = {"200": api.shown("The newest first", "Deliveries")}
    listed = api.operation(
        "delivery_list", "List what a source delivered lately", page, (*ROLE, "unknown-source", "query")
    )
    kept = (*ROLE, "unknown-source", "unknown-delivery", "not-openable")
    masked = {"200": api.shown("The delivery, every value masked", "MaskedDelivery")}
    shown = api.operation("delivery_show", "Show a delivery with every value masked", masked, kept)
    became = {"200": api.shown("What became of it now", "Replayed")}
    again = api.operation(
        "delivery_replay", "Run a delivery again", became, (*kept, ELSEWHERE, "person-needed", ROLLED_BACK)
    )
    place = "/api/hr/{source}/deliveries"
    return {
        place: {"parameters": [source], "get": api.needing("Pass.Admin", {**listed, "parameters": [before]})},
        f"{place}/{{id}}": {"parameters": [source, one], "get": api.needing("Pass.Admin", shown)},
        f"{place}/{{id}}/replay": {"parameters": [source, one], "post": api.needing("Pass.Admin", again)},
    }


def _page(name: str = "pass_page", summary: str = "The hand-over page, the same for every id") -> Schema:
    page = {"200": {"description": "The page", "content": {"text/html": {}}}}
    return api.operation(name, summary, page, ())


def _question(name: str, summary: str, schema: str, *problems: str) -> Schema:
    operation = api.operation(name, summary, {"200": api.shown("The answer", schema)}, (*PAGE, *problems))
    # The empty requirement: with a hire's link nobody signs in.
    return {**operation, "requestBody": api.body("Question"), "security": [{"entra": []}, {}]}


def _health() -> Schema:
    summary = "Alive or not; with Pass.Read also what it is busy with"
    operation = api.operation("health", summary, {"200": api.shown("Alive", "Health")}, APP)
    operation["responses"]["503"]["content"][JSON] = {"schema": ref("Health")}
    return operation


def _readiness() -> Schema:
    summary = "Check up on the tenant; the report is kept for five minutes"
    return api.needing(
        "Pass.Read", api.operation("readiness", summary, {"200": api.shown("The report", "Readiness")}, ROLE)
    )


def _itself() -> Schema:
    document = {"description": "The document", "content": {JSON: {"schema": {"type": "object"}}}}
    return api.operation("openapi", "This document", {"200": document}, ())


def _person() -> Schema:
    names = {
        "source": "The HR source that named the person; `ad-hoc` for passes asked for by hand.",
        "externalId": "The person's id there; for `ad-hoc` the account's object id.",
    }
    operation = api.operation(
        "person_erase",
        "Erase everything about a person; what lives is revoked first",
        {"202": api.shown("What was found, and is erased as soon as no pass of it is left", "Erasing")},
        (*ROLE, ELSEWHERE, "unknown-person", ROLLED_BACK),
    )
    return {
        "parameters": [api.path(name, said) for name, said in names.items()],
        "delete": api.needing("Pass.Admin", operation),
    }
