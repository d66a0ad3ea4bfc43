"""What the tenant's policy leaves of our wishes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.planning.policy import Clamp, Fitted, Limits, Refusal, Refused, fit

LIMITS = Limits(enabled=True, minimum=60, maximum=1440, one_time_only=False)


def test_a_wish_inside_the_limits_is_granted_as_it_is() -> None:
    """Nothing is clamped, nothing forced."""
    assert fit(600, one_time=False, limits=LIMITS) == Fitted(lifetime=600, one_time=False)


@pytest.mark.parametrize(
    ("wanted", "fitted", "why"),
    [(600, 480, Clamp.TENANT_MAXIMUM), (10, 60, Clamp.TENANT_MINIMUM), (480, 480, None), (60, 60, None)],
)
def test_a_wish_outside_the_limits_is_clamped_and_says_why(wanted: int, fitted: int, why: Clamp | None) -> None:
    """The bounds themselves are inside."""
    limits = Limits(enabled=True, minimum=60, maximum=480, one_time_only=False)
    assert fit(wanted, one_time=False, limits=limits) == Fitted(fitted, one_time=False, clamped=why)


@pytest.mark.parametrize(
    ("wish", "policy", "one_time", "forced"),
    [(False, False, False, False), (True, False, True, False), (False, True, True, True), (True, True, True, False)],
)
def test_one_time_by_policy_is_told_where_it_was_not_wished(
    wish: bool, policy: bool, one_time: bool, forced: bool
) -> None:
    """The hire's set-up with a reboot needs two sign-ins, so people have to know."""
    fitted = fit(600, wish, Limits(enabled=True, minimum=60, maximum=1440, one_time_only=policy))
    assert isinstance(fitted, Fitted)
    assert (fitted.one_time, fitted.one_time_forced) == (one_time, forced)


@pytest.mark.parametrize(
    ("limits", "refusal", "word"),
    [
        (Limits(enabled=False, minimum=60, maximum=480, one_time_only=False), Refusal.METHOD_DISABLED, "Enable"),
        (Limits(enabled=True, minimum=600, maximum=480, one_time_only=False), Refusal.LIMITS_CONTRADICT, "Maximum"),
    ],
)
def test_a_refusal_names_the_setting_that_would_fix_it(limits: Limits, refusal: Refusal, word: str) -> None:
    """No pass can be made, and an administrator reads where to change that."""
    refused = fit(600, one_time=False, limits=limits)
    assert isinstance(refused, Refused)
    assert refused.refusal is refusal
    assert word in refused.setting


@given(st.integers(1, 50_000), st.booleans(), st.integers(10, 43_200), st.integers(10, 43_200), st.booleans())
def test_whatever_is_granted_is_inside_the_limits(
    wanted: int, wish: bool, minimum: int, maximum: int, one_time_only: bool
) -> None:
    """Graph would refuse anything else."""
    fitted = fit(wanted, wish, Limits(True, minimum, maximum, one_time_only))
    if isinstance(fitted, Fitted):
        assert minimum <= fitted.lifetime <= maximum
        assert fitted.one_time or not (wish or one_time_only)
        assert (fitted.clamped is None) == (fitted.lifetime == wanted)
    else:
        assert minimum > maximum
