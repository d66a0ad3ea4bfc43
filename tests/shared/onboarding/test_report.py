"""Lists that walk over all onboardings, however these lie in their partitions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.onboarding.ids import SHARDS
from shared.onboarding.model import Onboarding
from shared.onboarding.registry import Registry
from shared.onboarding.requests.report import PAGE, Reports
from shared.onboarding.statuses import Status
from shared.tenant.ports.people import Directory
from tests.shared.onboarding.rows import fresh

ROW = fresh()
STATUSES = (Status.PLANNED, Status.ISSUED)
partitions = st.dictionaries(st.sampled_from(SHARDS), st.integers(0, 2 * PAGE + 1), min_size=1, max_size=4)


@dataclass(slots=True)
class Rows:
    """A store of rows."""

    ids: list[str]

    async def page(self, shard: str, after: str, most: int) -> list[Onboarding]:
        """Return some rows of a partition as the store does."""
        found = [one for one in self.ids if one.startswith(shard) and one > after][:most]
        return [replace(ROW, id=one, status=STATUSES[int(one[1:]) % 2]) for one in found]


@dataclass(slots=True)
class Kept:
    """A registry of rows alone."""

    store: Rows
    people: None = None


def reports(counts: dict[str, int]) -> Reports:
    """Lay out so many rows in each partition."""
    ids = sorted(f"{shard}{number:024}" for shard, count in counts.items() for number in range(count))
    return Reports(cast("Registry", Kept(Rows(ids))), cast("Directory", None), "employeeId")


async def walked(found: Reports, status: Status | None) -> list[str]:
    """Walk from page to page; return the ids in the order of the pages."""
    ids: list[str] = []
    after: str | None = ""
    while after is not None:
        page = await found.walk(status, after)
        assert len(page.items) < 2 * PAGE, "a page stays a page"
        ids += [item["id"] for item in page.items]
        after = page.after
    return ids


@settings(max_examples=20, deadline=None)
@given(partitions)
async def test_every_onboarding_is_listed_once(counts: dict[str, int]) -> None:
    """None is left out and none comes twice, with and without a filter, whether a partition is empty or overfull."""
    found = reports(counts)
    every = sorted(_ids(counts))
    assert await walked(found, None) == every
    assert await walked(found, Status.ISSUED) == [one for one in every if int(one[1:]) % 2]


def _ids(counts: dict[str, int]) -> Iterable[str]:
    return (f"{shard}{number:024}" for shard, count in counts.items() for number in range(count))
