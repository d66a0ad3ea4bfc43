"""What an assignment filter certainly does to the devices that Web sign-in can work on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.tenant.filter_rules import FilterNotUnderstoodError, matches
from shared.websignin.filters import ANY_DEVICE, certain

JOINED = '(device.deviceTrustType -eq "Azure AD joined")'
ELEVEN = "(device.operatingSystemVersion -ge 10.0.22000)"
MODEL = '(device.model -startsWith "Surface")'


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        (JOINED, True),
        (f"{JOINED} and {ELEVEN}", True),
        (f"{MODEL} or {ELEVEN}", True),
        (f"{MODEL} and {ELEVEN}", None),
        (f"not ({MODEL} and not {JOINED})", True),
        ('(device.deviceTrustType -in ["Azure AD registered","Hybrid Azure AD joined"])', False),
        ('(device.deviceTrustType -notIn ["Azure AD registered"])', True),
        ('(device.deviceTrustType -eq "Something new")', None),
        ('(device.deviceTrustType -contains "joined")', None),
        ("(device.operatingSystemVersion -lt 10.0.22000.1000)", False),
        ("(device.operatingSystemVersion -ge 10.0.22621.2361)", True),
        ("(device.operatingSystemVersion -gt 10.0.22621.2361)", None),
        ("(device.operatingSystemVersion -ge 10.0.26100)", None),
        (MODEL, None),
        ('(user.department -eq "x")', None),
        (f"({ELEVEN}", None),
        (f"{ELEVEN} {ELEVEN}", None),
        ('(device.deviceTrustType -eq "Azure', None),
        ("", None),
    ],
)
def test_nothing_is_claimed_but_what_is_certain(rule: str, answer: bool | None) -> None:
    """Of a rule that depends on the device, or is not understood, nothing is said."""
    assert certain(rule) is answer


KNOWN = {
    "devicename": "lk-0001", "manufacturer": "dell inc.", "model": "latitude 5450", "osversion": "10.0.26100.4061",
    "operatingsystemversion": "10.0.26100.4061", "deviceownership": "corporate",
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        (MODEL, False),
        (f"{MODEL} or {JOINED}", True),
        ('(device.Model -eq "LATITUDE 5450") and (device.manufacturer -in ["Lenovo", "Dell Inc."])', True),
        ('(device.manufacturer -notIn ["Lenovo"])', True),
        ('(device.model -notContains "540") and (device.deviceName -contains "000")', True),
        ('(device.deviceOwnership -eq "Personal")', False),
        ('(device.osVersion -startsWith "10.0.2610")', True),
        ("(device.operatingSystemVersion -gt 10.0.26100.4061)", False),
        ("(device.operatingSystemVersion -eq 10.0.26100.4061)", True),
        ("(device.operatingSystemVersion -lt 10.0.26100)", False),
        ("(device.operatingSystemVersion -ge newest)", None),
        ('(device.enrollmentProfileName -eq "Autopilot")', None),
        ('(device.model -ne "null")', None),
        ('(device.model -match "Lat")', None),
        ('(device.cpuArchitecture -eq "arm64") and (device.model -eq "x")', False),
        ('(device.cpuArchitecture -eq "arm64") and (device.model -startsWith "Lat")', None),
    ],
)
def test_what_is_known_of_a_device_is_answered_and_nothing_else(rule: str, answer: bool | None) -> None:
    """Without case, numbers as numbers; of a property or operator that is not known nothing is said."""
    assert certain(rule, KNOWN) is answer


def test_a_version_without_its_last_number_may_equal_one_with_a_nought() -> None:
    """Nobody has said."""
    short = {"operatingsystemversion": "10.0.26100"}
    assert certain("(device.operatingSystemVersion -ge 10.0.26100.0)", short) is None
    assert certain("(device.operatingSystemVersion -ge 10.0.26100)", short) is True


comparisons = st.one_of(
    st.sampled_from([MODEL, JOINED, '(device.deviceTrustType -ne "Azure AD registered")']),
    st.tuples(
        st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]),
        st.sampled_from(["10.0", "10.0.19045.5000", "10.0.22621.2360", "10.0.22621.2361", "10.0.22621.2362", "11"]),
    ).map(lambda drawn: f"(device.operatingSystemVersion -{drawn[0]} {drawn[1]})"),
)
rules = st.recursive(
    comparisons,
    lambda inner: (
        inner.map(lambda one: f"not ({one})")
        | st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda drawn: f"({' '.join(drawn)})")
    ),
    max_leaves=6,
)
devices = st.fixed_dictionaries({
    "model": st.sampled_from(["Surface Laptop", "Latitude"]),
    "trustType": st.just("AzureAd"),
    "operatingSystemVersion": st.sampled_from(["10.0.22621.2361", "10.0.22621.2362", "10.0.26100.1", "11.0.0.0"]),
})  # fmt: skip


@given(rules, devices, st.booleans())
def test_a_certain_answer_is_every_devices_answer(rule: str, device: dict[str, str], known: bool) -> None:
    """The lock screen's own reading of the rule, on any device that can do Web sign-in, is the same; so on a known one.

    Of a known device each comparison that is drawn here has an answer.
    """
    told = {"model": device["model"].casefold(), "operatingsystemversion": device["operatingSystemVersion"]}
    answer = certain(rule, told if known else ANY_DEVICE)
    assert answer is matches(rule, device) or (answer is None and not _complete(rule, known=known))


def _complete(rule: str, *, known: bool) -> bool:
    """Tell whether the device is known and the rule compares whole versions alone: a part of one may mean either."""
    return known and all(each.count(".") == 3 for each in re.findall(r"-\w\w (1[\d.]+)", rule))


@given(st.text(alphabet='device.Tru()[],"- andornt10', max_size=40))
def test_no_text_is_too_odd(rule: str) -> None:
    """Whatever stands there is answered, and where the sandbox refuses it nothing is claimed to be certain."""
    try:
        matches(rule, {})
    except (FilterNotUnderstoodError, ValueError):
        assert certain(rule) is None
