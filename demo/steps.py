"""The steps of the story up to the sealed pass: what HR, the app and a mail scanner do, and what is read back.

A step checks everything it says, and raises `UnexpectedError` at the first thing that is not as it should be.
"""

import json
import secrets
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from demo.checks import Secret
from demo.stage import Stage
from sandbox.http import Answer, call
from sandbox.people import LINK

_GRAPH_PASSES = "/temporaryAccessPassMethods"
_LIFETIME_MINUTES = 600
_PROMPT = timedelta(minutes=2)
_SLOT_AGAIN = timedelta(minutes=2)
_FRIDAY = 4


def event_accepted(stage: Stage) -> None:
    """HR posts the event, signed; it is stored once, however often it is delivered."""
    drawn = stage.drawn
    more = {"startTime": f"{drawn.time:%H:%M}"} if drawn.own_time else {}
    event = stage.company.event(
        stage.hire, drawn.day.isoformat(), manager={"userName": drawn.old_manager}, at=stage.world.now(), **more
    )
    delivery = f"msg_{secrets.token_hex(8)}"
    with stage.at_work():
        answer = stage.company.post(event, delivery)
        stage.world.wait_idle()
    stage.confirm("hire.created, signed as Standard Webhooks", answer.status, 202, f"answered {answer.status}")
    stage.onboarding = str(stage.row()["id"])
    stage.confirm("one row in the table of onboardings", len(stage.entities("o|")), 1, stage.onboarding)
    again = stage.company.post(event, delivery)
    stage.confirm("the same delivery once more", again.status, 202, f"answered {again.status}")
    audits = [row["what"] for row in stage.entities("a|")]
    effect = (len(stage.entities("o|")), audits)
    stage.confirm("it had no second effect", effect, (1, ["event: planned"]), "one row, one audit record")
    stage.confirm("requests to Microsoft Graph", len(stage.requests()), 0, "none: an event is only stored")
    stage.remember("HR tells", drawn.begins)


def planned(stage: Stage) -> None:
    """The row holds the instants that follow from the event, to the second."""
    hours, plan = stage.hours, stage.row()["plan"]
    stage.confirm("zone, from the site", plan["zone"], hours.zone)
    source = "from the event" if stage.drawn.own_time else "usual at the site"
    for what, name, instant in (
        (f"starts ({source})", "start", hours.start),
        ("pass valid from", "valid_from", hours.valid_from),
        ("pass valid until", "valid_until", hours.valid_until),
        ("window for collecting opens", "opens", hours.opens),
        ("notice to the manager", "notice_at", hours.notice_at),
        ("link to the manager", "invite_at", hours.invite_at),
        ("pass made", "issue_at", hours.issue_at),
    ):
        found = datetime.fromisoformat(plan[name])
        offset = f"{hours.local(instant):%z}"
        stage.confirm(what, found, instant, f"{stage.at(found)} (UTC{offset[:3]}:{offset[3:]})", stage.at(found))
    due = {row["RowKey"].split("|")[3]: row["RowKey"].split("|")[1] for row in stage.entities("d|")}
    at_notice = f"{hours.notice_at:%Y-%m-%dT%H:%M:%S}.000Z"
    first = (due.get("pass"), due.get("webSignIn"))
    stage.confirm("due next, for pass and Web sign-in", first, (at_notice, at_notice), "the notice")


def notice(stage: Stage) -> None:
    """The working day before, the manager in Entra gets a notice without a link, and the desk hears what differs."""
    stage.go(stage.hours.notice_at)
    manager = stage.person(stage.hire.manager)
    mails = stage.company.mails(stage.hire.manager_mail)
    subjects = [mail["subject"] for mail in mails]
    stage.confirm(f"in the inbox of {manager['name']}", len(mails), 1, subjects[0] if subjects else "")
    mail = mails[0]
    at = datetime.fromisoformat(mail["at"])
    stage.require(
        "arrived on Friday at 16:00",
        stage.hours.local(at).weekday() == _FRIDAY and timedelta(0) <= at - stage.hours.notice_at < _PROMPT,
        expected=stage.at(stage.hours.notice_at),
        found=stage.at(at),
    )
    stage.terminal.seen("arrived", stage.at(at))
    start = f"{_long(stage, stage.hours.start)} ({stage.hours.zone}"
    stage.confirm("says the start in local time", start in mail["html"], expected=True, shown=f"{start})")
    stage.confirm("holds no link", LINK.search(mail["html"] + mail["text"]), None, "none")
    old = stage.person(stage.drawn.old_manager)
    stage.confirm(f"mails to {old['name']}, whom HR named", len(stage.company.mails(str(old["mail"]))), 0, "none")
    subjects = [str(mail["subject"]) for mail in stage.company.mails(stage.world.settings()["DESK_MAIL"])]
    told = [subject for subject in subjects if "different managers" in subject]
    stage.confirm("the desk is told that HR and Entra differ", len(told), 1, told[0] if told else "")
    stage.remember("notice to the manager", at)


def link_mailed(stage: Stage) -> None:
    """On the morning the link goes to the manager, before there is a pass."""
    stage.go(stage.hours.invite_at)
    holding = [mail for mail in stage.inbox() if LINK.search(mail["html"])]
    stage.confirm("mails with a link in the whole company", len(holding), 1)
    mail = holding[0]
    manager = stage.person(stage.hire.manager)
    stage.confirm("it went to", mail["to"], [stage.hire.manager_mail], f"{manager['name']}, {stage.hire.manager_mail}")
    link = stage.company.link(stage.hire.manager_mail)
    stage.link = link
    found = link is not None and (link.url.split("#")[0], link.onboarding)
    stage.confirm(
        "it leads to",
        found,
        (f"{stage.world.app}/pass/{stage.onboarding}", stage.onboarding),
        f"/pass/{stage.onboarding}#… (the key is in the fragment)",
    )
    stage.secrets.append(Secret("the link's key", stage.the_link().key, frozenset({_place(mail)})))
    stage.confirm("passes in the tenant", len(stage.passes()), 0, "none yet: the link comes first")
    stage.confirm("the row stands at", stage.row()["status"], "invited")
    stage.remember("link to the manager", datetime.fromisoformat(mail["at"]))


def scanner(stage: Stage) -> None:
    """A mail gateway opens the link and presses everything there is, also with a stranger's sign-in."""
    before, link = stage.etag(), stage.the_link()
    page = call("GET", link.url.partition("#")[0])
    stage.confirm("GET: the page, the same for every link", page.status, 200, f"{len(page.body):,} bytes")
    stage.require("the page holds nothing", link.key not in page.text(), expected="no key", found="the key")
    head = call("HEAD", link.url.partition("#")[0])
    stage.require("HEAD", head.status < HTTPStatus.INTERNAL_SERVER_ERROR, expected="no fault", found=str(head.status))
    press(stage)
    stage.confirm("the row's ETag", stage.etag(), before, "unchanged")
    stage.confirm("a claim in the row", stage.row()["claim"], None, "none")


def press(stage: Stage) -> None:
    """Press both buttons of the page with the link's key: signed in as nobody, and as somebody else."""
    link, stranger = stage.the_link(), stage.person(stage.drawn.old_manager)
    token = stage.company.token(str(stranger["upn"]))
    for who, given, refusal in (("nobody", None, 401), (stranger["name"], token, 403)):
        state = stage.company.ask(link, "state", given)
        reveal = stage.company.ask(link, "reveal", given, claim=stage.company.claim())
        for name, answer in (("state", state), ("reveal", reveal)):
            stage.places[f"the answer to {who} asking {name}"] = answer.text()
        both = (state.status, reveal.status)
        stage.confirm(f"pressed by {who}, with the key", both, (refusal, refusal), f"refused, {refusal}")


def pass_made(stage: Stage) -> None:
    """One POST to Graph for the right hours; the code is sealed before anything is stored."""
    hours = stage.hours
    stage.go(hours.issue_at)
    _await_pass(stage)
    posts = stage.requests("POST", _GRAPH_PASSES)
    answers = [post["status"] for post in posts]
    stage.confirm("POSTs for a pass to Microsoft Graph", answers, [HTTPStatus.CREATED], "one, answered 201")
    body = posts[0]["body"]
    asked = (datetime.fromisoformat(body["startDateTime"]), body["lifetimeInMinutes"])
    shown = f"from {stage.at(asked[0])}, {asked[1]} minutes"
    stage.confirm("it asked for", asked, (hours.valid_from, _LIFETIME_MINUTES), shown)
    held = stage.passes()
    stage.confirm("passes of the hire in the tenant", len(held), 1)
    kept = (datetime.fromisoformat(held[0]["start"]), held[0]["lifetimeInMinutes"])
    ends = stage.at(kept[0] + timedelta(minutes=kept[1]), day=False)
    stage.confirm("the tenant's pass is valid", kept, asked, f"{stage.at(kept[0])} to {ends}, {held[0]['usability']}")
    row = stage.row()
    stage.confirm("the row stands at", row["status"], "issued")
    sealed = row["issued"]["sealed"]
    stage.require("a sealed pass in the row", sealed, expected="one", found="none")
    stage.terminal.seen("the row holds it sealed to the link", f"{sealed[:18]}… ({len(sealed)} characters)")
    stage.remember("pass made", datetime.fromisoformat(held[0]["created"]))


def group_in_scope(stage: Stage) -> None:
    """The device group was added to the profile's assignments, and everything else stands as it stood."""
    before: list[dict[str, Any]] = stage.before["profile"]["assignments"]
    after: list[dict[str, Any]] = stage.company.directory()["profile"]["assignments"]
    kept = [one for one in after if one in before]
    left = f"{len(kept)} of {len(before)} unchanged"
    stage.confirm("assignments of others", kept, before, f"all {len(before)} unchanged to the letter", left)
    added = [one["target"] for one in after if one not in before]
    group = _plain_target(stage.hire.group)
    name = next(group["name"] for group in stage.before["groups"].values() if group["id"] == stage.hire.group)
    stage.confirm("added", [_significant(target) for target in added], [group], name)
    writes = stage.requests("POST", "/assign")
    stage.confirm(
        "writes to the profile", len(writes), 1, f"one, on {stage.at(datetime.fromisoformat(writes[0]['at']))}"
    )
    stage.confirm("the device side of the row", stage.row()["web"]["status"], "in-scope")


def refused(stage: Stage, what: str, answer: Answer, state: str, shown: str) -> None:
    """Check that the hand-over said no, and why."""
    body = json.loads(answer.body)
    found = (answer.status, body.get("state"), "pass" in body)
    stage.confirm(what, found, (int(HTTPStatus.CONFLICT), state, False), shown)


def _await_pass(stage: Stage) -> None:
    """On a machine too busy to keep its slot the app gives it up and takes another: it has until the window opens."""
    while stage.row()["status"] == "invited" and (later := stage.now() + _SLOT_AGAIN) < stage.hours.opens:
        stage.go(later)


def _place(mail: dict[str, Any]) -> str:
    return f"mail {mail['id']}"


def _long(stage: Stage, instant: datetime) -> str:
    local = stage.hours.local(instant)
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"


def _plain_target(group: str) -> dict[str, str]:
    return {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": group}


def _significant(target: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in target.items() if value not in (None, "none")}
