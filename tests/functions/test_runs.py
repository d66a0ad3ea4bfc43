"""Requests are told by the template of their route."""

from functions.openapi import document
from functions.runs import ROUTES, route_of


def test_every_route_of_the_api_has_its_template() -> None:
    """Those of the API's description and no others; what stands in an address is never told."""
    assert set(ROUTES) == set(document()["paths"])
    assert route_of("/api/people/acme/LK-1001") == "/api/people/{source}/{externalId}"
    assert route_of("/api/people/acme/amelie@larkspur.example/more") == ""
