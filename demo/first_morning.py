"""The steps of the story from the hand-over on: manager, lock screen, sign-in log, and the search for secrets."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from demo.checks import Secret, UnexpectedError, found_in_clear
from demo.stage import Stage
from demo.steps import press, refused
from sandbox.http import Answer

_AT_ONCE = 6
_MINUTES_TO_LEARN = timedelta(minutes=20)
_SHOWN_OF_A_CODE = 3
_METHOD = "Temporary Access Pass"


def collected(stage: Stage) -> None:
    """Not before the window, not by a scanner, and by one of many browsers only."""
    manager, link = stage.company.token(stage.hire.manager), stage.the_link()
    early = stage.company.ask(link, "reveal", manager, claim=stage.company.claim())
    refused(stage, "the manager asks before the window", early, "too-early", "refused, too early")
    stage.go(stage.hours.opens)
    before = stage.etag()
    press(stage)
    stage.confirm("the row's ETag, with a pass to lose", stage.etag(), before, "unchanged")
    claims = [stage.company.claim() for _ in range(_AT_ONCE)]
    with stage.at_work(f"collecting, {_AT_ONCE} browsers at once"):
        answers = _ask_at_once(stage, manager, claims)
    given = [claim for claim, answer in zip(claims, answers, strict=True) if answer.status == HTTPStatus.OK]
    stage.confirm(f"{_AT_ONCE} browsers of the manager at once", len(given), 1, "one got it, the others were refused")
    _keep_code(stage, given[0], answers[claims.index(given[0])].json())
    claim = stage.row()["claim"]
    by = stage.person(stage.hire.manager)
    stage.confirm("the claim in the row is by", claim["by"], by["id"], str(by["name"]))
    with stage.at_work():
        again = stage.company.ask(link, "reveal", manager, claim=stage.claim)
    stage.confirm("the same browser looks again", again.json().get("pass"), stage.code, "the same pass")
    stage.confirm("the row stands at", stage.row()["status"], "opened")
    stage.remember("collected", datetime.fromisoformat(claim["state"]["claimed_at"]))


def lock_screen(stage: Stage) -> None:
    """Too early is refused for that reason alone; from the first valid minute on the hire gets in."""
    early = stage.company.sign_in(stage.hire, stage.code)
    stage.confirm("typed before it is valid", _outcome(early), "pass-not-yet-valid", "refused, pass-not-yet-valid")
    stage.go(stage.hours.valid_from)
    wrong = stage.company.sign_in(stage.hire, stage.code.swapcase())
    stage.confirm("typed in the wrong case", _outcome(wrong), "wrong-pass", "refused, wrong-pass")
    stage.sign_ins.append(_enter(stage, "typed right, by Web sign-in"))
    stage.remember("first sign-in", datetime.fromisoformat(stage.sign_ins[0]))


def reboot(stage: Stage) -> None:
    """Set-up restarts the device and asks for the pass a second time."""
    stage.company.reboot(stage.hire)
    here = stage.session()
    stage.confirm("the device restarted", (here["reboots"], here["session"]), (1, None), "and nobody is signed in")
    with stage.at_work():
        again = stage.company.ask(
            stage.the_link(), "reveal", stage.company.token(stage.hire.manager), claim=stage.claim
        )
    stage.confirm("the manager looks again", again.json().get("pass"), stage.code, "the same pass")
    stage.sign_ins.append(_enter(stage, "typed a second time"))


def second_collection(stage: Stage) -> None:
    """Nobody else collects, the manager's other browser included; "they are in" ends it for all."""
    manager, link = stage.company.token(stage.hire.manager), stage.the_link()
    other = stage.company.ask(link, "reveal", manager, claim=stage.company.claim())
    refused(stage, "another browser of the manager", other, "opened", "refused, already opened")
    with stage.at_work():
        done = stage.company.ask(link, "reveal", manager, claim=stage.claim, done=True)
    stage.confirm("the manager presses: they are in", done.json(), {"done": True}, "done")
    row = stage.row()
    stage.confirm("the sealed pass in the row", row["issued"]["sealed"], None, "erased")
    after = stage.company.ask(link, "reveal", manager, claim=stage.claim)
    refused(stage, "the winning browser, once more", after, "opened", "refused: nothing is left to show")


def used(stage: Stage) -> None:
    """The sign-in log shows the use a while later, and the app learns of it by itself."""
    stage.go(stage.now().replace(microsecond=0) + _MINUTES_TO_LEARN)
    row, now = stage.row(), stage.now()
    stage.asked = stage.requests()
    entries = [entry for entry in stage.sign_in_log() if entry["status"]["errorCode"] == 0]
    by_pass = [entry for entry in entries if entry["authenticationDetails"][0]["authenticationMethod"] == _METHOD]
    stage.confirm(f"sign-ins by {_METHOD} in the log", len(by_pass), len(stage.sign_ins))
    devices = {entry["deviceDetail"]["deviceId"] for entry in by_pass}
    stage.confirm("on the device", devices, {stage.hire.device}, str(by_pass[0]["deviceDetail"]["displayName"]))
    stage.confirm("the row stands at", row["status"], "used")
    first = datetime.fromisoformat(stage.sign_ins[0])
    learned = abs(datetime.fromisoformat(row["used_at"]) - first)
    stage.require("used at", learned < timedelta(seconds=1), expected=str(first), found=str(row["used_at"]))
    stage.terminal.seen("since", f"{stage.hours.local(first):%H:%M:%S}, as the log says")
    due = [entry["step"] for entry in stage.entities("d|")]
    stage.confirm(
        "left to do", due, ["check-methods"], "see, before the pass ends, that the hire can sign in without it"
    )
    stage.remember("use known", now)


def nothing_in_clear(stage: Stage) -> None:
    """Neither the code nor the link's key stands anywhere but where it must."""
    places = {**stage.places, **_everything_read(stage)}
    finds = found_in_clear(stage.secrets, places)
    forms = "as text, escaped, base64, hexadecimal"
    stage.confirm("the pass or the link's key, in any form", finds, [], f"nowhere ({forms})", "; ".join(finds))
    stage.terminal.seen("looked for in the tables", f"{_count(places, 'table ')} states, read after every step")
    stage.terminal.seen("in mails", f"{_count(places, 'mail ')}; the key in all but the one that brought it")
    stage.terminal.seen("in logs", f"of {_count(places, 'log ')} processes")
    stage.terminal.seen("in the requests to Graph", f"{len(stage.requests())}")
    ids = {stage.onboarding, stage.act_two().onboarding}
    odd = set(stage.queues.seen.values()) - ids
    stage.require("messages hold an id alone", not odd, expected=" or ".join(ids), found="; ".join(sorted(odd)))
    sent = stage.storage.counts["hints sent"]
    stage.terminal.seen("in queue messages", f"{len(stage.queues.seen)} of {sent} seen: the id and nothing else")


def _everything_read(stage: Stage) -> dict[str, str]:
    logs = {f"log {name}": text for name, text in stage.world.logs().items()}
    mails = {f"mail {mail['id']}": json.dumps(mail, ensure_ascii=False) for mail in stage.inbox()}
    queues = {f"message {name}": text for name, text in stage.queues.seen.items()}
    requests = {"the requests to Graph": json.dumps(stage.requests(), ensure_ascii=False)}
    return {**logs, **mails, **queues, **requests}


def _count(places: Mapping[str, str], prefix: str) -> int:
    return sum(name.startswith(prefix) for name in places)


def _ask_at_once(stage: Stage, token: str, claims: list[str]) -> list[Answer]:
    link = stage.the_link()
    with ThreadPoolExecutor(len(claims)) as pool:
        return list(pool.map(lambda claim: stage.company.ask(link, "reveal", token, claim=claim), claims))


def _keep_code(stage: Stage, claim: str, given: Mapping[str, Any]) -> None:
    stage.claim, stage.code = claim, str(given["pass"])
    stage.secrets.append(Secret("the pass", stage.code))
    hours = tuple(datetime.fromisoformat(given[name]) for name in ("validFrom", "validUntil"))
    wanted = (stage.hours.valid_from, stage.hours.valid_until)
    until = stage.at(hours[1], day=False)
    hidden = stage.code[:_SHOWN_OF_A_CODE] + "·" * (len(stage.code) - _SHOWN_OF_A_CODE)
    stage.confirm("on the page", hours, wanted, f"{hidden}  valid {stage.at(hours[0], day=False)} to {until}")


def _outcome(answer: Mapping[str, Any]) -> str:
    return "signed in" if answer["signedIn"] else str(answer["reason"])


def _enter(stage: Stage, what: str) -> str:
    answer = stage.company.sign_in(stage.hire, stage.code)
    stage.confirm(what, _outcome(answer), "signed in", f"signed in as {stage.hire.upn}")
    session = stage.session()["session"]
    if session is None or session["user"] != stage.hire.upn:
        raise UnexpectedError("the device's session", stage.hire.upn, str(session))
    return str(answer["at"])
