"""Strangers before an open window, over HTTP: what they send changes nothing, tells nothing, and holds up nobody."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sandbox.http import Answer
from sandbox.people import LinkInMail
from sandbox.tenant import tokens
from sandbox.tenant.seed import TENANT_ID
from shared.handover.callers.refusals import MOST
from shared.handover.pages.page import answer_headers
from tests.attacks.principals import forged
from tests.doorways.story import ATTACKER, DESK, Case, Story

QUESTIONS = ("state", "reveal", "reissue")
SCANNERS = ("", "Mozilla/5.0 (compatible; SafeLinks)", "curl/8.5", "python-requests/2.32")
TRICKS: tuple[Mapping[str, str], ...] = (
    {"X-Forwarded-For": "10.1.2.{}"},
    {"X-Forwarded-For": "10.1.2.{}, 203.0.113.7"},
    {"X-Forwarded-For": "10.1.2.{}", "x-forwarded-for": "10.1.3.{}"},
    {"X-Real-IP": "10.1.2.{}"},
    {"X-Client-IP": "10.1.2.{}", "CLIENT-IP": "10.1.2.{}"},
    {"Forwarded": "for=10.1.2.{}", "True-Client-IP": "10.1.2.{}"},
)
"""What a sender may say of where he is; in two spellings it is two lines."""
GUESSES = 2 * MOST
OTHER_SITES: tuple[Mapping[str, str], ...] = (
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {},
)


@dataclass(slots=True)
class Siege:
    """An open window with a pass behind it, and everything that was sent to it."""

    case: Case
    link: LinkInMail
    before: str
    answers: list[Answer] = field(default_factory=list)

    @classmethod
    def of(cls, story: Story) -> "Siege":
        """Bring a hire to the open window."""
        case = story.posts(story.hire()).until("issued")
        case.opens()
        return cls(case, case.link(), story.rows()[0]["doc"])

    @property
    def story(self) -> Story:
        """The story it is part of."""
        return self.case.story

    def send(
        self, question: str, token: str | None = None, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Answer:
        """Ask a question, with the right key unless `more` says otherwise, and see that it led nowhere."""
        body = {"key": self.link.key, "claim": self.story.company.claim(), **more}
        said = self.story.world.of_the_page() if headers is None else headers
        signed_in = {"Authorization": f"Bearer {token}"} if token else {}
        path = f"/pass/{self.case.id}/{question}"
        answer = self.story.world.request("POST", path, json_body=body, headers={**said, **signed_in})
        assert "pass" not in answer.json()
        assert "state" not in answer.json()
        for name, value in answer_headers().items():
            assert answer.headers[name.lower()] == value, (answer.status, name)
        self.answers.append(answer)
        return answer

    def manager(self) -> str:
        """Sign the manager in."""
        return self.story.company.token(self.case.hire.manager)

    def unchanged(self) -> bool:
        """Tell whether the row is what it was."""
        return bool(self.story.rows()[0]["doc"] == self.before)


def others(siege: Siege) -> Iterator[tuple[str, str, int]]:
    """Yield everybody who is not the manager: who, a token, and the answer that they have."""
    company, world = siege.story.company, siege.story.world
    manager = company.directory()["people"]["jana-hoffmann"]["id"]
    key = world.signing_key.read_bytes()

    def made(**claims: str) -> str:
        whole = {"aud": tokens.PEOPLE_AUDIENCE, "tid": TENANT_ID, "oid": manager, "sub": manager, "ver": "2.0"}
        return tokens.issue(whole | claims, key, life=3600)

    yield "a colleague to whom the link leaked", company.token(ATTACKER), 403
    yield "the hire", company.token(siege.case.hire.upn), 403
    yield "the desk, for whom it is not", company.token(DESK, "Pass.HandOver"), 403
    yield "an administrator", company.token("mei.tanaka@larkspur.example", "Pass.Admin", "Pass.Request"), 403
    yield "an app", company.token("robot", "Pass.HandOver", app=True), 403
    yield "an app with the manager's object id", made(idtyp="app"), 403
    yield "a guest with the manager's object id", made(idtyp="user", acct="1"), 403
    yield (
        "the manager's object id in another tenant",
        made(idtyp="user", tid="11111111-2222-4333-8444-555555555555"),
        401,
    )
    yield "a token that is neither a person's nor an app's", made(), 401


def test_strangers_change_nothing_and_the_manager_is_never_held_up(story: Story, say: Callable[[str], None]) -> None:
    """Prefetchers, blind scripts, forged principals, other sites, other people, guessed keys; then the manager."""
    siege = Siege.of(story)
    told = Counter[str]()
    for method, path, agent in product(("GET", "HEAD", "OPTIONS"), ("", *(f"/{name}" for name in QUESTIONS)), SCANNERS):
        answer = story.world.request(method, f"/pass/{siege.case.id}{path}", headers={"User-Agent": agent})
        assert answer.status == (200 if (method, path) == ("GET", "") else 404)
        told["prefetches by GET, HEAD and OPTIONS"] += 1
    for question in QUESTIONS:
        assert siege.send(question).status == 401
        assert siege.send(question, key=None, claim=None).status == 401
        told["blind posts without a sign-in"] += 2
    company = story.company.directory()["people"]["jana-hoffmann"]
    for headers, question in product(forged(company["id"], TENANT_ID), QUESTIONS):
        assert siege.send(question, headers={**story.world.of_the_page(), **headers}).status == 401
        told["forged principals, authentication on"] += 1
    refusals = set()
    for headers, question in product(OTHER_SITES, QUESTIONS):
        refusals.add(siege.send(question, siege.manager(), headers).body)
        told["posts from other sites, signed in and with the right key"] += 1
    for (_, token, status), question in product(list(others(siege)), QUESTIONS):
        answer = siege.send(question, token)
        assert answer.status == status
        refusals |= {answer.body} if status == 403 else set()
        told["questions of other people, with the right key"] += 1
    for key in odd_keys(siege.link):
        refusals.add(siege.send("reveal", siege.manager(), key=key).body)
        told["keys that are none"] += 1
    assert len(refusals) == 1, "another site, another person and another key are answered alike"
    assert siege.unchanged()
    for kind, answers in guessed_keys(siege).items():
        assert set(answers) <= {403, 429}
        assert answers[429], f"these lead past the limit: {TRICKS[kind]}"
    told["guessed keys, by header tricks too"] += GUESSES
    assert siege.unchanged()
    assert siege.case.reveal(story.company.claim()).status == 200, "limits are no weapon"
    counted = Counter(re.findall(r"refused: ([a-z-]+)", "".join(story.world.logs().values())))
    assert counted["cross-site"] >= told["posts from other sites, signed in and with the right key"]
    assert counted["nobody-of-ours"] >= 2 * len(QUESTIONS)
    story.forgets_refusals()
    for attack, times in told.items():
        say(f"strangers: {times} {attack}, none led anywhere")


def odd_keys(link: LinkInMail) -> tuple[Any, ...]:
    """Return what is no key: too short, too long, not canonical, a number, nothing."""
    return ("", "short", link.key[:-1], link.key + "A", f" {link.key}", 5, None, [], {})


def guessed_keys(siege: Siege) -> dict[int, Counter[int]]:
    """Guess the key in the name of the manager, each time from somewhere else by one's own word; count by trick."""
    answers = {number: Counter[int]() for number in range(len(TRICKS))}
    token = siege.manager()
    for number in range(GUESSES):
        kind = number % len(TRICKS)
        trick = {name: value.format(number) for name, value in TRICKS[kind].items()}
        headers = {**siege.story.world.of_the_page(), **trick}
        answers[kind][siege.send("reveal", token, headers, key=siege.story.company.claim()).status] += 1
    return answers
