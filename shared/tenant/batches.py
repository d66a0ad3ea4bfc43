"""Many accounts in few requests: as many names as one filter takes, with a pause before the next.

Microsoft documents fifteen clauses for a filter of the directory, and for the logs and reports none: fifteen is what
is known to be taken. Their limit is five requests in ten seconds for an app in a tenant.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from itertools import batched

NAMES = 15
PAUSE_SECONDS = 2.25


async def batches(names: Collection[str]) -> AsyncIterator[tuple[str, ...]]:
    """Yield the names by as many as one request may carry."""
    for number, batch in enumerate(batched(sorted(set(names)), NAMES, strict=False)):
        if number:
            await asyncio.sleep(PAUSE_SECONDS)
        yield batch
