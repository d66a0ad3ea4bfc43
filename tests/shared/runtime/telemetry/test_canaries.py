"""Secrets and names are put wherever telemetry could carry them, and looked for in all that is exported."""

import logging
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.keys.secrets import LinkKey, PassCode, encode
from shared.onboarding.reasons import Reason
from shared.runtime.telemetry import metrics, port
from shared.runtime.telemetry.logs import OURS, guard_logs, masked
from shared.runtime.telemetry.vocabulary import ALLOWED, sieved
from tests.shared.runtime.telemetry.listening import listening
from tests.survival.harness.search import Secret, found_in

PASS, KEY = "Xy7#kQ!2", secrets.token_urlsafe(32)
NAME, ADDRESS = "Amélie Brandt", "amelie.brandt@larkspur.example"
CANARIES = {"pass": PASS, "key": KEY, "name": NAME, "address": ADDRESS}


def searched(text: str) -> list[str]:
    """Return which canaries stand in a text, in any of the forms in which they could."""
    return [what for _, what in found_in([("text", text)], [Secret.of_text(*one) for one in CANARIES.items()])]


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_no_attribute_of_a_span_or_a_number_carries_a_secret(canary: str) -> None:
    """Every attribute there is, and one that there is not, is given each canary: none comes out."""
    everything = dict.fromkeys((*ALLOWED, "made.up"), canary)
    with listening() as heard:
        with port.span("sweep", port.Kind.INTERNAL, everything) as note:
            note(everything)
            with port.transition("commit", everything, ""):
                pass
        for metric in metrics.METRICS:
            port.add(metric, 1, everything)
        text = heard.text()
    assert "sweep" in text
    assert "day_one_pass.waits" in text
    assert searched(text) == []


def test_a_hidden_value_is_no_value() -> None:
    """The types of what is secret are refused as they are, before anything is made a text of."""
    held = {name: hidden for name in ALLOWED for hidden in (PassCode(PASS), LinkKey.parse(KEY))}
    assert sieved(held) == {}


def test_no_log_line_that_is_exported_carries_a_secret() -> None:
    """A key or an address in a message, an argument or a traceback is masked, in our lines and in those of others."""
    guard_logs()
    with listening() as heard:
        error = LookupError(f"no {ADDRESS} with {KEY}")
        OURS.error("of %s: %s", ADDRESS, KEY, exc_info=error, extra={"onboarding": "a" * 25, "who": NAME})
        logging.getLogger("somebody.else").warning("of %s", KEY, exc_info=error)
        text = heard.text()
    assert text.count("LookupError: no *** with ***") == 2
    assert "a" * 25 in text
    assert searched(text) == []


def test_a_leak_that_is_planted_is_found() -> None:
    """The search would find each canary in what is exported, were it there."""
    with listening() as heard:
        for canary in CANARIES.values():
            with port.span(canary, port.Kind.INTERNAL, {}):
                pass
        text = heard.text()
    assert set(searched(text)) == set(CANARIES)


def test_what_should_be_told_is_told() -> None:
    """A member of an enumeration, an id, a template and a number get through; a text in their place does not."""
    told = {
        "day_one_pass.reason": Reason.PAUSED,
        "day_one_pass.onboarding": "a" * 25,
        "url.template": "/users/{user}/authentication/temporaryAccessPassMethods",
        "http.response.status_code": 201,
    }
    assert sieved(told) == {**told, "day_one_pass.reason": "paused"}
    assert sieved(dict.fromkeys(told, "paused")) == {}


@given(st.binary(min_size=32, max_size=32).map(encode))
def test_every_key_is_masked(key: str) -> None:
    """Whatever its bytes, and wherever it stands in a line."""
    assert masked(f"link /pass/abc#{key} ({key}) {key}.") == "link /pass/abc#*** (***) ***."


@pytest.mark.parametrize(
    "text",
    [
        "refused: not-proven",
        "waits: account-not-found [0123456789abcdef012345678]",
        'File "authentication_method_configurations_request_builder.py", line 3, in @property',
    ],
)
def test_ordinary_lines_stay_readable(text: str) -> None:
    """Reasons, ids and long names of Python's are left as they are."""
    assert masked(text) == text
