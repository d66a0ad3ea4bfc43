"""Write the table of transitions as a page: `python -m tools.transitions > docs/transitions.md`."""

from collections import defaultdict

from shared.onboarding.audit.record import Did
from shared.onboarding.statuses import Status
from shared.onboarding.transitions import TABLE, Transition

HEAD = """# Transitions

What may be done to an onboarding, and where that may lead. The store refuses everything else before anything is
written (`shared/onboarding/transitions.py`, of which this page is made by `python -m tools.transitions`). Each
transition adds one record, with the first column as its word, to the onboarding's audit: see [the audit](audit.md).

| done | from → to |
|---|---|
"""


def page() -> str:
    """Return the page."""
    return HEAD + "".join(f"| {did.value} | {_ways(TABLE[did])} |\n" for did in Did)


def _ways(transitions: frozenset[Transition]) -> str:
    """Gather what leads to one status; what stays where it is comes last."""
    sources: dict[str, list[str]] = defaultdict(list)
    for status in (None, *Status):
        for before, after in sorted(transitions, key=lambda one: list(Status).index(one[1])):
            if before is status:
                sources["stays" if before is after else after.value].append(status.value if status else "nothing")
    ways = [f"{', '.join(names)} → {after}" for after, names in sources.items() if after != "stays"]
    stays = [f"stays {', '.join(sources['stays'])}"] if sources["stays"] else []
    return "; ".join([*ways, *stays])


if __name__ == "__main__":
    print(page(), end="")
