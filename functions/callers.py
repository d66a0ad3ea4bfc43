"""Who is calling, and whether an app role lets them."""

import azure.functions as func

from functions.problems import Problem
from shared.handover.callers.principal import Principal, names_a_principal, read_principal
from shared.handover.callers.refusals import Refused, count
from shared.handover.callers.same_origin import is_from_elsewhere
from shared.services import Services

REQUEST, READ, ADMIN = "Pass.Request", "Pass.Read", "Pass.Admin"

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, whoever asks."""


def caller(req: func.HttpRequest, services: Services) -> Principal | None:
    """Return who App Service authentication says is calling; None is nobody. Who claims to be somebody is counted."""
    if not services.here.authentication_is_on:
        _count_claimed(req, Refused.FORGED_PRINCIPAL)
        return None
    who = read_principal(req.headers, trusted=True, tenant_id=services.here.settings.tenant_id)
    if who is None:
        _count_claimed(req, Refused.NOBODY_OF_OURS)
    return who


def somebody(req: func.HttpRequest, services: Services, how: str) -> Principal:
    """Return the caller, whoever it is; `how` tells nobody how to become somebody.

    Raises:
        Problem: 503 where App Service authentication is off, 401 for nobody.
    """
    who = caller(req, services)
    if not services.here.authentication_is_on:
        raise Problem(
            503,
            "authentication-off",
            "Authentication is not set up",
            "An administrator runs infra/graph/ once and deploys again with the client id that it prints; until then"
            " protected routes stay closed.",
        )
    if who is None:
        raise Problem(401, "sign-in", "Sign in first", how)
    return who


def caller_with(req: func.HttpRequest, services: Services, *roles: str) -> Principal:
    """Return the caller, who holds one of the app roles.

    What changes something is not taken from another site's page: a browser sends the cookie of App Service's sign-in
    along, whoever had it ask.

    Raises:
        Problem: 503 where App Service authentication is off, 401 for nobody, 403 without the role or for another site.
    """
    who = somebody(req, services, "Send a token for this app, or sign in in the browser.")
    if req.method not in READING and is_from_elsewhere(req.headers, services.here.settings.link_base_url):
        count(Refused.CROSS_SITE)
        detail = "Nothing was done. Whoever meant it sends a token for this app, from a tool and no page."
        raise Problem(403, "cross-site", "Another site's page asked this in your name", detail)
    if not who.roles.intersection(roles):
        needed = " or ".join(roles)
        raise Problem(403, "role-missing", "You lack the role for this", f"Ask for the app role {needed}.")
    return who


def person(who: Principal) -> Principal:
    """Return the caller, who is a person and no app: what needs two pairs of eyes needs eyes.

    Raises:
        Problem: 403 for an app.
    """
    if not who.is_person:
        raise Problem(403, "person-needed", "A person has to do this", "Sign in as yourself, not as an app.")
    return who


def _count_claimed(req: func.HttpRequest, why: Refused) -> None:
    if names_a_principal(req.headers):
        count(why)
