"""Requests are told by the template of their route."""

from functions.runs import ROUTES, route_of


def test_what_stands_in_an_address_is_never_told() -> None:
    """Neither ids nor names, and nothing at all of an address that no route fits; each route is told as it is."""
    assert [route_of(route) for route in ROUTES] == list(ROUTES)
    assert route_of("/api/people/acme/LK-1001") == "/api/people/{source}/{externalId}"
    assert route_of("/api/people/acme/amelie@larkspur.example/more") == ""
