"""Whether the audit of every onboarding in a world still holds, read from the table as it stands."""

from collections import defaultdict
from typing import Any

from sandbox.world import World
from shared.onboarding.audit.hash_chain import verify
from shared.onboarding.audit.ledger import decode_chain


def breaks(world: World) -> dict[str, list[str]]:
    """Return what is broken, by onboarding; nothing where every chain holds."""
    rows: dict[str, Any] = {}
    records: defaultdict[str, dict[int, Any]] = defaultdict(dict)
    for entity in world.storage.rows("onboardings"):
        kind, _, rest = str(entity["RowKey"]).partition("|")
        if kind == "o":
            rows[rest] = entity
        elif kind == "a":
            onboarding, number = rest.split("|")
            records[onboarding][int(number)] = entity
    found = {
        onboarding: [str(one) for one in verify(decode_chain(row), int(row["version"]), records[onboarding])]
        for onboarding, row in rows.items()
    }
    return {onboarding: broken for onboarding, broken in found.items() if broken}
