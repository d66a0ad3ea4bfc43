"""No line of the app tells a secret, and one that would is found before it runs."""

import pytest

from tools.check_secrets import secret_findings
from tools.infra.tree import Tree

LETTER = "shared/handover/mails/letter.py"
RIGHT = "    address = _esc(link.reveal())\n"


def test_no_line_of_the_app_tells_a_secret() -> None:
    """Neither to a log nor in the words of an error."""
    assert list(secret_findings(Tree())) == []


@pytest.mark.parametrize(
    "wrong",
    [
        '    log.info("mailed %s", link.reveal())\n',
        '    __import__("logging").getLogger("of.a.library").warning(f"link {link.reveal()}")\n',
        '    log.debug("mailed", extra={"link": link.reveal()})\n',
        "    print(link.reveal())\n",
        '    raise ValueError(f"no such link: {link.reveal()}")\n',
        "    log.warning(*map(Link.reveal, [link]))\n",
    ],
)
def test_a_secret_in_a_log_is_found(wrong: str) -> None:
    """However it is written, the line is named, with what to write instead."""
    (finding,) = secret_findings(Tree().with_text(LETTER, RIGHT, wrong + RIGHT))
    assert finding.startswith(f"{LETTER}:")
    assert "Name the secret itself, which shows as ***" in finding
