"""The secure delivery: the page, and what it asks with the link's key and the collector's sign-in or pick-up code."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import azure.functions as func

from functions.callers import somebody
from functions.problems import Problem, Work, answer, answered, problem
from shared.handover.callers.refusals import Refused, TooManyRefusalsError, count, source_of
from shared.handover.callers.same_origin import is_same_origin
from shared.handover.collecting.answers import NotForYouError, Presented, Shown, View
from shared.handover.keys.pickup import PickupCode
from shared.handover.keys.secrets import ClaimId, LinkKey, VisitId
from shared.handover.pages.page import CODE, HAND_OVER, answer_headers, page_body, page_headers
from shared.languages.language import Language, accepted, named
from shared.services import Services

log = logging.getLogger("day_one_pass")

MOST_BYTES = 4096
HOW = "Sign in with the account the mail was sent to."


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("pass_page")
    @blueprint.route(route="pass/{id}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_page(req: func.HttpRequest) -> func.HttpResponse:
        """Show the page, the same for every id; it reads and changes nothing."""
        return func.HttpResponse(page_body(HAND_OVER, _language(req)), status_code=200, headers=page_headers())

    @blueprint.function_name("pass_state")
    @blueprint.route(route="pass/{id}/state", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_state(req: func.HttpRequest) -> func.HttpResponse:
        """Tell the proven person where things stand."""
        return await _answered(_state, req, services)

    @blueprint.function_name("pass_reveal")
    @blueprint.route(route="pass/{id}/reveal", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_reveal(req: func.HttpRequest) -> func.HttpResponse:
        """Show the pass to the one claim; or, with `done`, erase it."""
        return await _answered(_reveal, req, services)

    @blueprint.function_name("pass_reissue")
    @blueprint.route(route="pass/{id}/reissue", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_reissue(req: func.HttpRequest) -> func.HttpResponse:
        """Have the pass made anew, and tell where things stand."""
        return await _answered(_reissue, req, services)

    @blueprint.function_name("pass_code_page")
    @blueprint.route(route="pass/{id}/code", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_code_page(req: func.HttpRequest) -> func.HttpResponse:
        """Show the page of whoever holds a hire's code, the same for every id; it reads and changes nothing."""
        return func.HttpResponse(page_body(CODE, _language(req)), status_code=200, headers=page_headers(CODE))

    @blueprint.function_name("pass_code")
    @blueprint.route(route="pass/{id}/code", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_code(req: func.HttpRequest) -> func.HttpResponse:
        """Tell the manager who holds a code how it stands; with `fresh`, have link and code made anew."""
        return await _answered(_code, req, services)

    return blueprint


def _language(req: func.HttpRequest) -> Language:
    """Return the language that the address names, else the one that the browser likes best, else English."""
    return named(req.params.get("lang")) or accepted(req.headers.get("Accept-Language", "")) or Language.ENGLISH


async def _answered(work: Work, req: func.HttpRequest, services: Callable[[], Services]) -> func.HttpResponse:
    """Answer under the page's headers, whatever happens; what falls short of link key and proof is limited."""

    async def limited(req: func.HttpRequest, app: Services) -> func.HttpResponse:
        try:
            return await work(req, app)
        except NotForYouError:
            _turned_away(req, app)
            raise

    try:
        return await answered(limited, req, services, answer_headers())
    except Exception:
        # The platform's own answer to this would have none of the headers.
        log.exception("the hand-over broke off")
        return problem(
            Problem(500, "broken-off", "Something went wrong here", "Try again in a minute."), answer_headers()
        )


def _turned_away(req: func.HttpRequest, app: Services) -> None:
    """Count it, against its source, too.

    Raises:
        TooManyRefusalsError
    """
    count(Refused.NOT_PROVEN)
    try:
        app.hand_over.limit.refuse(source_of(req.headers, app.here.settings.forwarded_entry))
    except TooManyRefusalsError:
        count(Refused.TOO_MANY)
        raise


async def _state(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    presented, _ = _read(req, app)
    return answer(_view(await app.hand_over.collecting.state(presented), app), headers=answer_headers())


async def _reissue(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    presented, _ = _read(req, app)
    return answer(_view(await app.hand_over.reissuing.reissue(presented), app), headers=answer_headers())


async def _reveal(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    presented, done = _read(req, app)
    if done:
        await app.hand_over.collecting.finish(presented)
        return answer({"done": True}, headers=answer_headers())
    return _revealed(await app.hand_over.collecting.reveal(presented), app)


async def _code(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    who = somebody(req, app, HOW)
    body = _asked(req, app)
    work = app.hand_over.fresh_codes.ask if body.get("fresh") is True else app.hand_over.fresh_codes.look
    return answer({"state": (await work(req.route_params["id"], who)).value}, headers=answer_headers())


def _read(req: func.HttpRequest, app: Services) -> tuple[Presented, bool]:
    """Read what the page sends. Nobody signed in is told so, the same for every link.

    A visit takes the place of the sign-in, whose ever it is: a hire has none yet.
    """
    body = _parsed(req)
    visit = VisitId.parse(body.get("visit")) if body else None
    principal = None if visit else somebody(req, app, HOW)
    body = _asked(req, app)
    presented = Presented(
        onboarding=req.route_params["id"],
        link_key=LinkKey.parse(body.get("key")),
        claim=ClaimId.parse(body.get("claim")),
        principal=principal,
        visit=visit,
        code=PickupCode.parse(body.get("code")),
    )
    return presented, body.get("done") is True


def _asked(req: func.HttpRequest, app: Services) -> dict[str, Any]:
    """Return the body of what our own page asks.

    Raises:
        NotForYouError: another site asks.
        Problem: 400 for a body that is no JSON object.
    """
    if not is_same_origin(req.headers, app.here.settings.link_base_url):
        count(Refused.CROSS_SITE)
        raise NotForYouError
    body = _parsed(req)
    if body is None:
        raise Problem(400, "unreadable-body", "The body is not a JSON object", "Open the link in the mail again.")
    return body


def _parsed(req: func.HttpRequest) -> dict[str, Any] | None:
    """Return the body, None where it is no JSON object."""
    raw = req.get_body()
    try:
        body = json.loads(raw) if len(raw) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _revealed(shown: Shown | View, app: Services) -> func.HttpResponse:
    if isinstance(shown, Shown):
        return answer(
            {
                "pass": shown.code.reveal(),
                "now": _time(shown.now),
                "validFrom": _time(shown.valid_from),
                "validUntil": _time(shown.valid_until),
                "againUntil": _time(shown.again_until),
                **({"reissueUntil": _time(shown.reissue_until)} if shown.reissue_until else {}),
            },
            headers=answer_headers(),
        )
    return problem(
        Problem(
            409, "not-to-be-shown", "The pass cannot be shown now", "See state for the reason.", **_view(shown, app)
        ),
        answer_headers(),
    )


def _view(view: View, app: Services) -> dict[str, Any]:
    """Write what the page shows; `desk` is where it sends people who need help."""
    return {
        "state": view.state.value,
        "now": _time(view.now),
        "who": view.who,
        "user": view.user,
        "desk": app.here.settings.desk_mail,
        "zone": view.zone,
        "opensAt": _time(view.opens_at),
        "validFrom": _time(view.valid_from),
        "validUntil": _time(view.valid_until),
        **({"openedAt": _time(view.opened_at), "mine": view.mine} if view.opened_at else {}),
        **({"usedAt": _time(view.used_at)} if view.used_at else {}),
        **({"againUntil": _time(view.again_until)} if view.again_until else {}),
        **({"reissueUntil": _time(view.reissue_until)} if view.reissue_until else {}),
    }


def _time(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
