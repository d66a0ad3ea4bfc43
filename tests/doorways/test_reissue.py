"""A pass made anew by whoever has link and sign-in: nobody came, or it did not work; and what thieves get of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sandbox.http import Answer
from sandbox.people import LinkInMail
from tests.doorways.story import ATTACKER, DESK, START, Case, Story
from tests.doorways.test_ad_hoc import NOOR, asked, send

REFUSED = "urn:day-one-pass:problem:not-for-you"
TOMAS = "tomas.vesely@larkspur.example"


def anew(case: Case, by: str | None = None, link: LinkInMail | None = None) -> Answer:
    """Press the button, as the manager or as somebody else; what it sets off is done."""
    token = case.story.company.token(by or case.hire.manager)
    answer = case.story.company.ask(link or case.link(), "reissue", token)
    case.story.world.wait_idle()
    return answer


def audits(case: Case) -> list[str]:
    """Return what was done to it."""
    return [entry["what"] for entry in case.read()["history"]]


def test_a_no_show_has_a_fresh_pass_days_later_by_the_same_link(story: Story) -> None:
    """Told to manager and desk; two days later the link makes a pass that works at once for its full length."""
    case = story.posts(story.hire()).until("issued")
    assert anew(case).json()["state"] == "too-early", "before it could be collected nothing is made anew"
    case.until("expired")
    story.later(minutes=3)
    told, desk = story.mails(case.hire.manager_mail)[-1], story.mails(DESK)[-1]
    assert "was not collected" in told["subject"]
    for mail in (told, desk):
        assert "Thursday 6 June 2030, 18:00" in mail["text"], mail["text"]
    story.at("2030-06-05T07:00:00Z")
    assert case.state().json()["reissueUntil"] == "2030-06-06T16:00:00Z"
    assert anew(case).json()["state"] == "not-ready"
    case.until("issued")
    mine = case.reveal(story.company.claim())
    assert mine.status == 200, mine.text()
    assert case.signs_in(mine.json()["pass"])["signedIn"] is True
    assert mine.json()["validUntil"].startswith("2030-06-05T17:0")
    assert len(story.passes()) == 1
    assert len(story.links(case.hire.manager_mail)) == 1, "the same link"
    made = next(entry for entry in case.read()["history"] if entry["what"] == "made anew by the collector")
    assert story.who(case.id)[made["by"]] == story.company.directory()["people"]["jana-hoffmann"]["id"]


def test_it_did_not_work_twice_then_the_desk(story: Story) -> None:
    """Each time the pass before is dead, and the claim that had it; the third time nothing happens."""
    case = story.posts(story.hire())
    claims, codes = [], []
    case.until("issued")
    case.valid()
    for count in range(3):
        claims.append(story.company.claim())
        codes.append(case.reveal(claims[-1]).json()["pass"])
        assert [case.signs_in(code)["signedIn"] for code in codes[:-1]] == [False] * count
        if count < 2:
            with ThreadPoolExecutor(2) as pair:
                answers = [again.result().status for again in [pair.submit(anew, case) for _ in range(2)]]
            assert answers == [200, 200]
            case.until("issued")
            assert audits(case).count("made anew by the collector") == count + 1, "two at once are one"
            for old in claims:
                spent = case.reveal(old)
                assert (spent.status, spent.json()["state"]) == (409, "open"), "an old claim opens no new pass"
    before = story.asked("POST", "temporaryAccessPassMethods")
    third = anew(case).json()
    assert (third["state"], "reissueUntil" in third) == ("opened", False)
    story.later(minutes=3)
    assert story.asked("POST", "temporaryAccessPassMethods") == before
    assert "reissues-spent" in case.read()["told"]
    assert any("for the last time" in mail["subject"] for mail in story.mails(DESK))
    assert case.signs_in(codes[-1])["signedIn"] is True


def test_short_of_key_and_proof_nothing_is_made_and_nothing_is_told(story: Story) -> None:
    """Wrong key, wrong person, no sign-in, an app, the contact, a dead link: the same refusal, and no pass."""
    case = story.posts(story.hire()).until("issued").until("expired")
    link = case.link()
    refusals = {
        anew(case, link=replace(link, key="A" * 43)).body,
        anew(case, link=replace(link, onboarding="0" * 25)).body,
        anew(case, ATTACKER).body,
        anew(case, TOMAS).body,
        anew(case, case.hire.upn).body,
        story.company.ask(link, "reissue", story.company.token("robot", app=True)).body,
        case.reveal(story.company.claim(), ATTACKER).body,
    }
    assert len(refusals) == 1
    assert REFUSED in refusals.pop().decode()
    assert story.company.ask(link, "reissue", None).status == 401
    assert case.status == "expired"
    # Another manager by now: the old one's link makes no pass, it only lets the new one have his.
    story.change("upsert-user", user={"userPrincipalName": case.hire.upn, "manager": TOMAS})
    assert anew(case).status == 200
    for _ in range(4):
        story.later(minutes=1)
    assert case.reveal(story.company.claim(), link=link).status == 403
    assert case.read()["collector"]["displayName"] == "Tomáš Veselý"
    assert anew(case, link=link).status == 403


def test_what_was_called_off_is_never_made_anew(story: Story) -> None:
    """A no-show that HR withdraws, one that the desk revokes, and an account disabled since: no pass for any."""
    withdrawn = story.posts(story.hire()).until("issued")
    revoked = story.posts(story.hire("jonas-keller")).until("issued")
    disabled = story.posts(story.hire("zofia-nowak")).until("issued")
    for case in (withdrawn, revoked, disabled):
        case.until("expired")
    story.posts(withdrawn.hire, kind="hire.cancelled")
    assert send(story, "DELETE", f"/api/passes/{revoked.id}").status == 202
    story.change("upsert-user", user={"userPrincipalName": disabled.hire.upn, "accountEnabled": False})
    before = story.asked("POST", "temporaryAccessPassMethods")
    assert anew(withdrawn).json()["state"] == "cancelled"
    assert anew(revoked).json()["state"] == "cancelled"
    assert anew(disabled).json()["state"] == "not-ready"
    for _ in range(3):
        story.later(minutes=2)
    assert disabled.reason == "account-disabled"
    assert story.asked("POST", "temporaryAccessPassMethods") == before
    story.at(f"{START[:-2]}10T06:00:00Z")
    late = story.posts(story.hire("grace-nguyen"), "2030-06-11").until("issued").until("expired")
    story.later(days=3, minutes=1)
    assert anew(late).json()["state"] == "expired", "three days, and no longer"
    assert late.status == "expired"


def test_a_lost_phone_is_made_anew_like_a_hire(story: Story) -> None:
    """Asked for by the desk and closed by mistake: the manager has a fresh one without asking the desk again."""
    case = asked(story, by=NOOR).until("issued")
    case.valid()
    old = case.reveal(story.company.claim()).json()["pass"]
    assert anew(case).json()["state"] == "not-ready"
    case.until("issued")
    fresh = case.reveal(story.company.claim()).json()["pass"]
    assert [case.signs_in(code)["signedIn"] for code in (old, fresh)] == [False, True]
