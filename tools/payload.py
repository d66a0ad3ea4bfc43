"""Make a test of a delivery that an HR system sent: `make payload ARGS=delivery.json`.

The file is what `GET /api/hr/{source}/deliveries/{id}` answered a Pass.Admin, so no value of a person is in it. What
was misshapen or refused is wanted to be taken, so the test fails until the reading is mended.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.onboarding.deliveries.model import is_delivery_id
from shared.onboarding.events.hr_door import MENTIONED, PASSED_OVER
from shared.sources.kinds import KINDS

PAYLOADS = Path(__file__).parents[1] / "tests" / "shared" / "sources" / "payloads"
RUN = ".venv/bin/python -m pytest tests/shared/sources/test_payloads.py"
TAKEN = "planned"
MARK = "Masked: letters are x and digits 1. Signed anew by the test, with a secret of its own."


def main(argv: Sequence[str] | None = None, into: Path = PAYLOADS) -> int:
    """Write the payload into the tests, and say how to run it; 1 for a file that holds no delivery."""
    parser = argparse.ArgumentParser(prog="make payload", description=__doc__.partition(":")[0])
    parser.add_argument("delivery", type=Path, help="what the app answered; - reads it from standard input")
    options = parser.parse_args(argv)
    text = sys.stdin.read() if str(options.delivery) == "-" else options.delivery.read_text(encoding="utf-8")
    payload = made_of(text)
    if payload is None:
        print("Not done: this is not what GET /api/hr/{source}/deliveries/{id} answers.", file=sys.stderr)
        return 1
    name = f"{payload['kind']}_{payload['id']}"
    (into / f"{name}.json").write_text(json.dumps(payload, indent=2) + "\n", encoding="utf-8")
    print(f"Written: {into / name}.json\nRun it: {RUN} -k {name}")
    return 0


def made_of(text: str) -> dict[str, Any] | None:
    """Make a payload of an answer of the app; None where it is none."""
    try:
        shown = json.loads(text)
        known = {name: shown[name] for name in ("id", "kind", "options", "contentType", "became", "body")}
    except (ValueError, KeyError, TypeError):
        return None
    if known["kind"] not in KINDS or not is_delivery_id(str(known["id"])):
        return None
    return {"marked": MARK, **known, "wanted": [_wanted(word) for word in known["became"]]}


def _wanted(became: str) -> str:
    return became if became in {MENTIONED, PASSED_OVER} else TAKEN


if __name__ == "__main__":
    sys.exit(main())
