"""Passes for many at once: the table that HR would send, posted by whoever may ask for passes."""

from collections.abc import Callable
from typing import Any

import azure.functions as func

from functions.callers import REQUEST, caller_with
from functions.problems import Problem, answer, answered
from shared.services import Services

MOST_BYTES = 256 * 1024


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("pass_table")
    @blueprint.route(route="api/passes/table", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_table(req: func.HttpRequest) -> func.HttpResponse:
        """Ask for the passes of all rows of a table."""
        return await answered(_request, req, services)

    return blueprint


async def _request(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    from functions.bodies import read_table_request  # noqa: PLC0415 - see functions.bodies

    who = caller_with(req, app, REQUEST)
    table = read_table_request(req, _raw(req))
    verdicts = await app.requests.tables.request(table, who)
    rows = [
        {"row": verdict.row, "outcome": verdict.outcome, **_more(verdict.id, verdict.faults)} for verdict in verdicts
    ]
    return answer({"dryRun": table.dry_run, "rows": rows}, status=200 if table.dry_run else 202)


def _more(onboarding: str, faults: Any) -> dict[str, Any]:
    errors = [{"field": fault.field, "problem": fault.problem} for fault in faults]
    return {**({"id": onboarding} if onboarding else {}), **({"errors": errors} if errors else {})}


def _raw(req: func.HttpRequest) -> bytes:
    if req.headers.get("Content-Type", "").partition(";")[0].strip().casefold() != "text/csv":
        raise Problem(415, "content-type", "The body is no table", "Send text/csv.")
    raw: bytes = req.get_body()
    if len(raw) > MOST_BYTES:
        raise Problem(413, "payload-too-large", "The body is too large", "Send at most 256 KiB.")
    return raw
