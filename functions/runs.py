"""The run of an HTTP doorway, as a trace shows it: by the template of its route, never by its address."""

import re
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

import azure.functions as func

from shared.onboarding.ids import is_id
from shared.runtime.telemetry import port as telemetry
from shared.runtime.telemetry import vocabulary as says

ROUTES = (
    "/api/hr/{source}",
    "/api/hr/{source}/deliveries",
    "/api/hr/{source}/deliveries/{id}",
    "/api/hr/{source}/deliveries/{id}/replay",
    "/api/passes",
    "/api/passes/confirm",
    "/api/passes/table",
    "/api/passes/{id}",
    "/api/passes/{id}/resend",
    "/api/passes/{id}/confirm",
    "/api/passes/{id}/retry",
    "/api/people/{source}/{externalId}",
    "/pass/{id}",
    "/pass/{id}/state",
    "/pass/{id}/reveal",
    "/pass/{id}/reissue",
    "/pass/{id}/code",
    "/api/health",
    "/api/readiness",
    "/api/openapi.json",
)
"""Those of the API's description; the first that fits counts."""

_FORMS = {route: re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route))) for route in ROUTES}


def http_run(req: func.HttpRequest) -> AbstractContextManager[telemetry.Note]:
    """Tell of a request while it is answered; one that does something for a hire belongs to that hire's trace."""
    route = route_of(urlsplit(req.url).path)
    onboarding = str(req.route_params.get("id", ""))
    told = {says.FAAS_TRIGGER: says.Trigger.HTTP, says.HTTP_METHOD: req.method or "", says.HTTP_ROUTE: route}
    told |= {says.ONBOARDING: onboarding} if is_id(onboarding) else {}
    about = onboarding if is_id(onboarding) and req.method != "GET" else ""
    return telemetry.span(f"{req.method} {route}", telemetry.Kind.SERVER, told, about)


def route_of(path: str) -> str:
    """Return the template that a path has been routed by; an empty text for none."""
    return next((route for route, form in _FORMS.items() if form.fullmatch(path)), "")
