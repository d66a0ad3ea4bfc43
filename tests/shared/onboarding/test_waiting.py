"""How long a wait lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.onboarding.reasons import Reason
from shared.onboarding.steps.waiting import patience_of, retry_at
from shared.tenant.errors import TenantThrottledError, TenantUnavailableError

NOW = datetime(2030, 6, 3, 6, tzinfo=UTC)


@pytest.mark.parametrize(("patience", "minutes"), [(None, 2), (20, 2), (300, 5), (86_400, 30)])
def test_the_tenant_is_left_alone_for_as_long_as_it_wants(patience: float | None, minutes: int) -> None:
    """Never for less than the reason has it, and for half an hour at most."""
    error = TenantThrottledError("patience", patience)
    again = retry_at(Reason.TENANT_THROTTLED, NOW, patience_of(error))
    assert again == NOW + timedelta(minutes=minutes)


def test_what_is_mended_by_people_is_looked_at_each_half_hour() -> None:
    """Whatever else went wrong asks for no patience."""
    assert patience_of(TenantUnavailableError("503")) is None
    assert retry_at(Reason.DEVICE_GROUP_MISSING, NOW) == NOW + timedelta(minutes=30)
