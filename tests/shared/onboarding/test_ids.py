"""What has the form of an id, and what only looks like one."""

import pytest

from shared.onboarding.ids import is_guid, is_id, new_id

GUID = "1f0a9c52-8d14-4b6e-9d3a-6f2b5c7e8a01"


@pytest.mark.parametrize("around", ["{}\n", "\n{}", "{} ", "{}0", "{}\x00"])
def test_an_id_with_anything_around_it_is_none(around: str) -> None:
    """An address may end in %0A, which storage refuses as a key: an outage to whoever watches the log."""
    assert is_id(new_id("a"))
    assert is_guid(GUID.upper())
    assert not is_id(around.format(new_id("a")))
    assert not is_guid(around.format(GUID))
