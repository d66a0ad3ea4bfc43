"""What an assignment filter certainly does to the devices that Web sign-in can work on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.tenant.filter_rules import FilterNotUnderstoodError, matches
from shared.websignin.filters import certain

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


@given(rules, devices)
def test_a_certain_answer_is_every_devices_answer(rule: str, device: dict[str, str]) -> None:
    """The lock screen's own reading of the rule, on any device that can do Web sign-in, is the same."""
    answer = certain(rule)
    assert answer is None or answer is matches(rule, device)


@given(st.text(alphabet='device.Tru()[],"- andornt10', max_size=40))
def test_no_text_is_too_odd(rule: str) -> None:
    """Whatever stands there is answered, and where the sandbox refuses it nothing is claimed to be certain."""
    try:
        matches(rule, {})
    except (FilterNotUnderstoodError, ValueError):
        assert certain(rule) is None
