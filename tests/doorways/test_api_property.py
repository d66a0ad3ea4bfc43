"""Whatever is sent to the API, by whomever: no crash, and no answer that its description does not name.

Requests are drawn from the document, good ones and wrong ones, and sent to the running app; schemathesis holds each
answer's status, content type, headers and body against the document. The draws are the same in every run.
"""

import itertools
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from functions.openapi import document
from tests.doorways.story import ADMIN, ATTACKER, Story

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
ROLES = ("Pass.Request", "Pass.Read", "Pass.Admin", "Pass.HandOver")
FEW, MANY = 12, 400
STEADY = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ODD = ("\x00", "%00", "..", "..%2f", "/", "'", '"', "\u202e", "\ud7ff", "🦆", "0" * 5000, "#", "?", ";", "%", "é", " ")
CONTENT_TYPES = (
    "application/json", "application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded", "",
    "json", "application/json, text/plain", "multipart/form-data", "x" * 300,
)  # fmt: skip
BODIES = (
    b"", b"{", b"null", b"[]", b"\xff\xfe{\x00}\x00", b"\x00", b'{"user": "a", "user": "b"}', b"[" * 10_000,
    b"1e999999",
    b'{"user": "\\ud800@x.example", "reason": "why"}', b'{"user": "a@b.example", "reason": "\\u0000why"}', b"NaN",
    b'{"key": "' + b"x" * 5000 + b'"}', b'{"key": {"key": []}}', b'{"replace": 1}', b'{"lifetimeMinutes": 1e400}',
)  # fmt: skip


def _operations() -> Iterator[schemathesis.APIOperation]:
    """Read the document. What it says of sign-in is left out: a token that is none is App Service's to refuse."""
    paths = {
        path: {
            name: {key: value for key, value in part.items() if key != "security"} if isinstance(part, dict) else part
            for name, part in item.items()
        }
        for path, item in document()["paths"].items()
    }
    for found in schemathesis.openapi.from_dict({**document(), "paths": paths}).get_all_operations():
        yield found.ok()


@dataclass(frozen=True, slots=True)
class Callers:
    """Who sends: nobody, an attacker without a role, people and apps with each role, by what they bring.

    `onboarding` is the id of one that is there.
    """

    onboarding: str
    headers: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, story: Story) -> "Callers":
        """Sign all of them in to an app that has a hire in the making."""
        case = story.posts(story.hire()).until("issued")
        tokens = {"without a role": story.company.token(ATTACKER)}
        for role, app in itertools.product(ROLES, (False, True)):
            tokens[f"{'an app' if app else 'a person'} with {role}"] = story.company.token(ADMIN, role, app=app)
        signed_in = {who: {"Authorization": f"Bearer {token}"} for who, token in tokens.items()}
        return cls(case.id, {"nobody": {}, **signed_in})

    def draw(self) -> st.SearchStrategy[Mapping[str, str]]:
        """Draw one."""
        return st.sampled_from(sorted(self.headers)).map(self.headers.__getitem__)


def check(operation: schemathesis.APIOperation, story: Story, callers: Callers, examples: int) -> None:
    """Send drawn requests to one operation, good and wrong by the document, about an onboarding that is there too."""
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    drawn = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

    @settings(STEADY, max_examples=examples)
    @given(case=drawn, caller=callers.draw(), is_there=st.booleans())
    def send(case: schemathesis.Case, caller: Mapping[str, str], *, is_there: bool) -> None:
        if is_there and "id" in case.path_parameters:
            case.path_parameters["id"] = callers.onboarding
        case.call_and_validate(base_url=story.world.app, headers=dict(caller), checks=CHECKS, timeout=30)

    send()


def check_raw(operation: schemathesis.APIOperation, story: Story, callers: Callers, examples: int) -> None:
    """Send what no client would write: odd paths, queries, headers and bytes."""
    word = st.just(callers.onboarding) | st.sampled_from(ODD) | st.text(string.printable, min_size=1, max_size=40)

    @settings(STEADY, max_examples=examples)
    @given(
        part=word,
        query=st.dictionaries(st.sampled_from(("user", "status", "after", "code", "")), word, max_size=3),
        kind=st.sampled_from(CONTENT_TYPES),
        body=st.sampled_from(BODIES) | st.binary(max_size=200),
        key=st.sampled_from(("request-1", "", "x" * 4000, "a,b,c,d,e,f")),
        caller=callers.draw(),
    )
    def send(*, part: str, query: dict[str, str], kind: str, body: bytes, key: str, caller: Mapping[str, str]) -> None:
        path = operation.path.replace("{id}", _segment(part)).replace("{source}", _segment(part))
        headers = {"Content-Type": kind, "Idempotency-Key": key, "webhook-id": key, **caller}
        sent: dict[str, Any] = {} if operation.method == "get" else {"data": body}
        answer = requests.request(
            operation.method, story.world.app + path, params=query, headers=headers, timeout=30, **sent
        )
        if answer.status_code != 404 or answer.content:
            operation.validate_response(answer)

    send()


def _segment(text: str) -> str:
    """Write a text as one segment of a path, as a client with little care would."""
    return requests.utils.requote_uri(text.replace("/", "%2F").replace("?", "%3F").replace("#", "%23")) or "x"


@pytest.mark.long
def test_every_answer_is_in_the_document(story: Story) -> None:
    """Nobody, every role, people and apps: no 5xx, nothing undocumented, no function that failed."""
    hold(story, FEW)


@pytest.mark.torture
def test_every_answer_is_in_the_document_however_often(story: Story) -> None:
    """The same with many more draws."""
    hold(story, MANY)


def hold(story: Story, examples: int) -> None:
    """Try each operation of the document."""
    callers = Callers.of(story)
    for operation in _operations():
        check(operation, story, callers, examples)
        check_raw(operation, story, callers, examples)
    assert "(Failed" not in "".join(story.world.logs().values())
