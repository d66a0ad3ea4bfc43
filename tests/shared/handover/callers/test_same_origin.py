"""Only the page itself may ask: whatever another site can make a browser send is refused."""

import pytest

from shared.handover.callers.same_origin import is_from_elsewhere, is_same_origin

BASE = "https://Pass.Larkspur.example:443/"
OURS = "https://pass.larkspur.example"


@pytest.mark.parametrize(
    ("headers", "right"),
    [
        ({"Origin": OURS, "Sec-Fetch-Site": "same-origin"}, True),
        ({"origin": OURS}, True),
        ({"SEC-FETCH-SITE": "same-origin"}, True),
        ({}, False),
        ({"Origin": OURS, "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": OURS, "Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": OURS, "Sec-Fetch-Site": "none"}, False),
        ({"Origin": "https://larkspur.example", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "https://pass.larkspur.example.evil.example"}, False),
        ({"Origin": "http://pass.larkspur.example"}, False),
        ({"Origin": f"{OURS}:8443"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": ""}, False),
        ({"Referer": OURS}, False),
    ],
)
def test_who_asks(headers: dict[str, str], right: bool) -> None:
    """Origin and Sec-Fetch-Site have to say what the page's own requests say, and one of them has to be there."""
    assert is_same_origin(headers, BASE) is right


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({}, False),
        ({"Authorization": "Bearer x"}, False),
        ({"Origin": OURS, "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": OURS}, True),
        ({"ORIGIN": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
    ],
)
def test_another_site_is_told_from_a_tool(headers: dict[str, str], elsewhere: bool) -> None:
    """A tool says nothing of where it stands; every browser does."""
    assert is_from_elsewhere(headers, BASE) is elsewhere
