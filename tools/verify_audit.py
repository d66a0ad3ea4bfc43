"""Verify the audit of every onboarding in storage, and print what does not hold; exit 1 if anything does not.

    python -m tools.verify_audit [--as-of 2030-06-03T00:00:05.000Z --digest 1f0e…]

Reads the table service that `STORAGE__tableServiceUri` names, as whoever is signed in to Azure (Storage Table Data
Reader is enough). A digest from the log, with the time beside it, also shows chains that were rewritten as a whole.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable
from contextlib import aclosing
from datetime import UTC, datetime

from azure.identity.aio import DefaultAzureCredential

from shared.onboarding.audit.census import Audited, Census
from shared.onboarding.audit.hash_chain import digest
from shared.runtime.errors import StorageUnavailableError
from shared.runtime.storage import Tables

ENDPOINT = "STORAGE__tableServiceUri"


async def read(endpoint: str, client_id: str | None, instant: datetime) -> list[Audited]:
    """Read and verify all audits of a storage account; `client_id` where a managed identity is signed in.

    Raises:
        StorageUnavailableError: it cannot be read.
    """
    async with (
        DefaultAzureCredential(managed_identity_client_id=client_id) as credential,
        aclosing(Tables(endpoint, credential)) as tables,
    ):
        return await Census(tables.onboardings).audit(instant)


def told(audits: Iterable[Audited], expected: str | None) -> tuple[str, bool]:
    """Write what was found, and tell whether all of it holds. `expected`: the digest that was logged, if one was."""
    audits = list(audits)
    broken = [audit for audit in audits if audit.breaks]
    chained, older = sum(audit.chained for audit in audits), sum(audit.unchained for audit in audits)
    lines = [
        f"onboardings  {len(audits)}",
        f"records      {chained} chained, {older} from before records were chained",
        f"broken       {len(broken)}",
        *(f"  {audit.onboarding}  record {one.record}: {one.how}" for audit in broken for one in audit.breaks),
    ]
    found = digest({audit.onboarding: audit.then for audit in audits if audit.then.length})
    same = expected in {None, found}
    lines.append(
        f"digest       {found}{'' if same else ' is not the one that was logged: whole chains were rewritten'}"
    )
    return "\n".join(lines), same and not broken


def main() -> int:
    """Do it; 0 all holds, 1 something does not, 2 it cannot be told."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--as-of", type=datetime.fromisoformat, default=datetime.now(UTC), help="time of the digest")
    parser.add_argument("--digest", help="the digest that the app logged for that time")
    wanted = parser.parse_args()
    endpoint = os.environ.get(ENDPOINT)
    if not endpoint:
        print(f"Set {ENDPOINT} to the table endpoint of the data storage account.", file=sys.stderr)
        return 2
    try:
        audits = asyncio.run(read(endpoint, os.environ.get("AZURE_CLIENT_ID"), wanted.as_of))
    except StorageUnavailableError as error:
        print(f"{error} You need Storage Table Data Reader on the data account.", file=sys.stderr)
        return 2
    text, holds = told(audits, wanted.digest)
    print(text)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
