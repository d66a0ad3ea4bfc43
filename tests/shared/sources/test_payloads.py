"""Deliveries that an HR system once sent, masked: each is read as it should be. `make payload` adds one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.onboarding.deliveries.masking import masked_body, words_of
from tests.shared.sources.conformance import Sender, deliver, knock
from tests.shared.sources.kinds import greenhouse
from tests.shared.sources.senders import NOW
from tests.shared.sources.test_conformance import SENDERS
from tools import payload as tool

BY_KIND = {sender.kind: sender for sender in SENDERS}
PAYLOADS = sorted(tool.PAYLOADS.glob("*.json"))


def became(payload: dict[str, Any]) -> list[str]:
    """Deliver a payload as its vendor would, by its own options, and return what became of each item."""
    sender = replace(BY_KIND[payload["kind"]], options=payload["options"])
    body = _proven_within(sender, payload["body"])
    proof = {name.lower(): text for name, text in sender.sign(sender.secret, body, NOW).items()}
    answered = knock(sender, {**proof, "content-type": payload["contentType"]}, body)
    assert answered.status < 500
    return [word for kept in answered.kept for word in kept.became]


def _proven_within(sender: Sender, text: str) -> bytes:
    """Put the secret back where it stands in the body, and was masked with all the rest."""
    if not sender.secret_in_body:
        return text.encode()
    told = json.loads(text)
    return json.dumps({**told, "value": [{**one, "clientState": sender.secret} for one in told["value"]]}).encode()


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_a_payload_is_read_as_it_should_be(path: Path) -> None:
    """What is wanted of each of its items stands in the file."""
    payload = json.loads(path.read_text(encoding="utf-8"))
    assert payload["marked"] == tool.MARK
    assert became(payload) == payload["wanted"]


def test_a_failing_payload_becomes_a_failing_test_by_one_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It fails as the delivery did until the options are mended, holds no value, and says how it is run."""
    wrong = {**greenhouse.SENDER.options, "employeeNumber": "candidate.custom_fields.nowhere.value"}
    sender = replace(greenhouse.SENDER, options=wrong)
    (kept,) = deliver(sender, sender.hire).kept
    words = words_of(sender.source().kind.words, wrong)
    shown = {
        "id": kept.id,
        "kind": "greenhouse",
        "options": wrong,
        "contentType": "application/json",
        "became": list(kept.became),
        "body": masked_body(sender.hire, "application/json", words),
    }
    answer = tmp_path / "delivery.json"
    answer.write_text(json.dumps(shown), encoding="utf-8")
    assert tool.main([str(answer)], into=tmp_path) == 0
    assert f"-k greenhouse_{kept.id}" in capsys.readouterr().out
    (written,) = tmp_path.glob("greenhouse_*.json")
    payload = json.loads(written.read_text(encoding="utf-8"))
    assert "Ada" not in written.read_text(encoding="utf-8")
    assert payload["wanted"] == ["planned"] != became(payload)
    assert became({**payload, "options": dict(greenhouse.SENDER.options)}) == payload["wanted"]
    answer.write_text('{"items": []}', encoding="utf-8")
    assert tool.main([str(answer)], into=tmp_path) == 1
