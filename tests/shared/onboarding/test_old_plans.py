"""Plans of rows that an older version of the app wrote."""

import json

import pytest

from shared.onboarding.upgrade import upgraded


@pytest.mark.parametrize(("moved", "exceptions"), [(None, []), ("late-on-start-day", ["late-on-start-day"])])
def test_a_plan_of_schema_one_keeps_why_it_was_put_off(moved: str | None, exceptions: list[str]) -> None:
    """What was the one reason for another day is one of the named exceptions now."""
    document = json.loads(upgraded("o|a", json.dumps({"plan": {"zone": "UTC", "moved": moved}}), 1))
    assert document["plan"]["exceptions"] == exceptions
    assert json.loads(upgraded("o|a", json.dumps({"plan": None}), 1))["plan"] is None
