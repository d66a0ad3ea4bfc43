"""The second act: somebody who is here already has lost the phone, and the helpdesk asks for a pass at once."""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from demo.checks import Secret, UnexpectedError
from demo.stage import Stage
from sandbox.http import Answer
from sandbox.people import HireOfCompany, LinkInMail

_ROLE = "Pass.Request"
_MINUTE = timedelta(minutes=1)
_PROMPT = timedelta(minutes=2)
_MOST_MINUTES = 6
_MINUTES_TO_LEARN = timedelta(minutes=20)


@dataclass(slots=True)
class LostPhone:
    """The second act as it stands."""

    person: HireOfCompany
    asker: str
    onboarding: str = ""
    link: LinkInMail | None = None
    code: str = ""
    claim: str = ""

    @classmethod
    def draw(cls, stage: Stage) -> "LostPhone":
        """Draw who has lost the phone, and who at the helpdesk asks: neither the hire, nor whoever collects."""
        dice = random.Random(f"{stage.drawn.seed} lost phone")  # noqa: S311 – to be repeated, not to be secret
        person = dice.choice([one for one in stage.company.hires() if one.upn != stage.hire.upn])
        people = stage.before["people"].values()
        desk = [one["upn"] for one in people if _ROLE in one.get("appRoles", [])]
        return cls(person, dice.choice([upn for upn in desk if upn not in {person.upn, person.manager}]))


def asked_for(stage: Stage) -> None:
    """The helpdesk asks; the answer is at once, the link reaches the manager without waiting for the schedule."""
    act = stage.lost_phone = LostPhone.draw(stage)
    asker, person = stage.person(act.asker), act.person
    stage.terminal.seen("lost the phone", f"{person.name}, {person.department}, at {person.site}")
    stage.company.change(op="register-device", user=person.upn, device=person.device)
    own = _ask(stage, act.asker, "for-myself")
    stage.confirm(f"{asker['name']} asks for a pass of his own", own.status, 403, f"refused, {own.json()['reason']}")
    began = stage.now()
    answer = _ask(stage, person.upn, "ticket-4711")
    stage.confirm(f"{asker['name']} asks for {person.name}", answer.status, 202, "accepted")
    act.onboarding = str(answer.json()["id"])
    again = _ask(stage, person.upn, "ticket-4711")
    stage.confirm("the same request once more", again.json()["id"], act.onboarding, "the same onboarding")
    link = stage.company.link(person.manager_mail)
    if link is None or link.onboarding != act.onboarding:
        raise UnexpectedError("a link in the manager's inbox", f"one for {act.onboarding}", "none")
    act.link = link
    manager = stage.person(person.manager)
    holding = [mail for mail in stage.company.mails(person.manager_mail) if link.key in mail["html"]]
    stage.confirm("mails that hold the link", len(holding), 1, f"one, to {manager['name']}")
    took = datetime.fromisoformat(holding[0]["at"]) - began
    stage.require("the mail within two minutes", took <= _PROMPT, expected=f"within {_PROMPT}", found=str(took))
    stage.terminal.seen("from the request to the inbox", f"{took.total_seconds():.1f} s, without the schedule")
    stage.secrets.append(Secret("the second link's key", link.key, frozenset({f"mail {holding[0]['id']}"})))


def collected(stage: Stage) -> None:
    """The manager collects, the helpdesk does not; the pass opens the device."""
    act, manager = stage.act_two(), stage.act_two().person.manager
    _await_pass(stage, act)
    passes = [one for one in stage.company.directory()["passes"] if one["userId"] == _user_id(stage, act)]
    stage.confirm("passes of the account in the tenant", len(passes), 1)
    asker = stage.company.ask(_link(act), "reveal", stage.company.token(act.asker), claim=stage.company.claim())
    stage.confirm("who asked for it collects", asker.status, int(HTTPStatus.FORBIDDEN), "refused, 403")
    act.claim = stage.company.claim()
    answer = stage.company.ask(_link(act), "reveal", stage.company.token(manager), claim=act.claim)
    stage.confirm("the manager collects", answer.status, 200, "the pass is shown")
    act.code = str(answer.json()["pass"])
    stage.secrets.append(Secret("the second pass", act.code))
    entered = stage.company.sign_in(act.person, act.code)
    stage.confirm(
        "typed at the lock screen", entered["signedIn"], expected=True, shown=f"signed in as {act.person.upn}"
    )


def used(stage: Stage) -> None:
    """It is used, learned from the sign-in log; what was sealed is erased."""
    act = stage.act_two()
    token = stage.company.token(act.person.manager)
    done = stage.company.ask(_link(act), "reveal", token, claim=act.claim, done=True)
    stage.confirm("the manager presses: they are in", done.json(), {"done": True}, "done")
    stage.go(stage.now().replace(microsecond=0) + _MINUTES_TO_LEARN)
    row = _row(stage, act)
    stage.confirm("the row stands at", row["status"], "used")
    stage.confirm("the sealed pass in the row", row["issued"]["sealed"], None, "erased")
    (who,) = stage.entities(f"m|{act.onboarding}")
    asked = {who[entry["by"]] for entry in stage.entities(f"a|{act.onboarding}|") if entry["what"] == "asked for"}
    asker = stage.person(act.asker)
    stage.confirm("the audit names who asked", asked, {asker["id"]}, str(asker["name"]))


def _ask(stage: Stage, user: str, key: str) -> Answer:
    headers = {"Authorization": f"Bearer {stage.company.token(stage.act_two().asker)}", "Idempotency-Key": key}
    body = {"user": user, "reason": "lost phone"}
    answer = stage.world.request("POST", "/api/passes", json_body=body, headers=headers)
    stage.world.wait_idle()
    return answer


def _await_pass(stage: Stage, act: LostPhone) -> None:
    """Usually it is there within seconds; a slot missed on a busy machine costs the schedule's next minutes."""
    for _ in range(_MOST_MINUTES):
        if _row(stage, act)["status"] == "issued":
            return
        stage.go(stage.now().replace(microsecond=0) + _MINUTE)
    raise UnexpectedError("the pass is made", "issued", str(_row(stage, act)["status"]))


def _row(stage: Stage, act: LostPhone) -> dict[str, Any]:
    return dict(json.loads(stage.entities(f"o|{act.onboarding}")[0]["doc"]))


def _user_id(stage: Stage, act: LostPhone) -> str:
    return next(str(entry["id"]) for entry in stage.before["hires"] if entry["upn"] == act.person.upn)


def _link(act: LostPhone) -> LinkInMail:
    if act.link is None:
        raise UnexpectedError("a link", "found in the inbox", "none was read")
    return act.link
