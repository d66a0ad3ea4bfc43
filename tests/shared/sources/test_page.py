"""The page `docs/connect-your-hr-system.md` speaks of every kind, and its examples work."""

import json
import re
from pathlib import Path
from typing import Any

from shared.sources.configured import HrSource, make_source
from shared.sources.event import read
from shared.sources.kinds import KINDS
from tests.shared.sources.senders import NOW, SECRETS

PAGE = (Path(__file__).parents[3] / "docs" / "connect-your-hr-system.md").read_text(encoding="utf-8")
EXAMPLES: list[dict[str, Any]] = [json.loads(found) for found in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def test_every_kind_has_its_section_that_says_what_was_checked() -> None:
    """Whoever connects a system finds it, in the table too, and learns what nobody has confirmed."""
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    by_kind = {found[1]: section for section in sections if (found := re.match(r"`(\w+)`", section))}
    assert set(by_kind) == set(KINDS)
    said = re.compile(r"\*\*(Checked|Unconfirmed)\*\*")
    assert {kind for kind, section in by_kind.items() if not said.search(section)} == {"mapped"}
    assert set(re.findall(r"^\| `(\w+)` \| (?:signature|token)", PAGE, re.MULTILINE)) == set(KINDS)


def test_the_sources_it_shows_can_be_built() -> None:
    """Somebody who copies an example gets a source without a fault."""
    shown = [source for example in EXAMPLES for source in (example, *example.values()) if _is_source(source)]
    assert {source["kind"] for source in shown} >= {"greenhouse", "mapped"}
    for source in shown:
        named = {**source["secrets"], **source.get("api", {}).get("credentials", {})}
        given = dict.fromkeys(named.values(), SECRETS["2026-b"])
        assert make_source("shown", HrSource.model_validate(source), given)


def test_the_event_it_shows_is_a_canonical_one() -> None:
    """The example of `standard` is taken as it stands."""
    (event,) = [example for example in EXAMPLES if "timestamp" in example]
    assert read({**event, "timestamp": "2026-11-20T09:00:00Z"}, NOW).hire.external_id == "10042"


def _is_source(value: Any) -> bool:
    return isinstance(value, dict) and "kind" in value and "secrets" in value
