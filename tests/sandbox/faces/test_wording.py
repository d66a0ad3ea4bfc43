"""Every reason of the lock screen has words for the person in front of it."""

import re
from pathlib import Path

import sandbox.tenant.lockscreen as source
from sandbox.tenant import pass_rules
from sandbox.tenant.faces.wording import REFUSALS


def test_every_reason_has_words_and_a_step() -> None:
    """The table names exactly the reasons that the verdict can have."""
    text = Path(source.__file__).read_text()
    known = set(re.findall(r'Verdict\(\s*"([a-z-]+)"', text)) | {reason for reason, _ in source._BY_REASON.values()}
    assert set(source._BY_REASON) == {
        pass_rules.DISABLED, pass_rules.USED, pass_rules.NOT_YET, pass_rules.EXPIRED,
    }  # fmt: skip
    assert known == set(REFUSALS)
    assert {refusal.step for refusal in REFUSALS.values()} == {"user", "pass", "closed"}
