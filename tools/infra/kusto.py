"""The queries of alerts, workbook and pages, read by Microsoft's own Kusto parser against the tables they ask.

The columns are those of the Azure Monitor Logs reference (learn.microsoft.com/azure/azure-monitor/reference/tables),
and only those that some query asks. Whether a query finds what it is meant to find is not checked here.
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tools.infra.messages import queries
from tools.infra.tree import ROOT, Tree

TABLES: Mapping[str, str] = {
    "AppDependencies": "DurationMs: real, Name: string, OperationId: string, Properties: dynamic",
    "AppExceptions": "Message: string, OuterMessage: string, Properties: dynamic, SeverityLevel: int",
    "AppMetrics": "ItemCount: int, Max: real, Min: real, Name: string, Properties: dynamic, Sum: real",
    "AppRequests": (
        "DurationMs: real, Name: string, OperationId: string, Properties: dynamic, ResultCode: string, Success: bool"
    ),
    "AppTraces": "Message: string, OperationId: string, Properties: dynamic, SeverityLevel: int",
    "AzureDiagnostics": "OperationName: string, ResourceProvider: string, httpStatusCode_d: real",
    "StorageQueueLogs": "OperationName: string, Uri: string",
    "StorageTableLogs": (
        "AuthenticationType: string, CallerIpAddress: string, OperationName: string, RequesterObjectId: string"
    ),
}
"""The columns of each table, with Kusto's types; every table has `TimeGenerated` besides."""

PAGES = "docs/*.md"
_QUERY = re.compile(r"^```kusto\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PARSER = "tools/infra/kusto.cjs"


class Objection(NamedTuple):
    """What the parser says, and of which characters of the query."""

    message: str
    start: int
    end: int


def kusto_findings(tree: Tree) -> Iterator[str]:
    """Say what Kusto would refuse: a slip of grammar, a column that a table has not, types that do not go together.

    Raises:
        subprocess.CalledProcessError: the parser did not run; what is missing is on stderr.
    """
    asked = [*((path, query) for path, query in queries(tree) if query), *_in_pages(tree)]
    tables = {name: f"(TimeGenerated: datetime, {columns})" for name, columns in TABLES.items()}
    for (path, query), objections in zip(asked, _objections(tables, [query for _, query in asked]), strict=True):
        for one in objections:
            place = query[one.start : one.end]
            yield f"{path}: Kusto objects to {place!r} in {query!r}: {one.message} Mend the query."


def _in_pages(tree: Tree) -> Iterator[tuple[str, str]]:
    for page in tree.paths(PAGES):
        yield from ((page, query) for query in _QUERY.findall(tree.text(page)))


def _objections(tables: Mapping[str, str], texts: list[str]) -> list[list[Objection]]:
    given = json.dumps({"tables": tables, "queries": texts})
    done = subprocess.run(["node", _PARSER], cwd=ROOT, input=given, stdout=subprocess.PIPE, text=True, check=True)
    return [[Objection(**one) for one in of_query] for of_query in json.loads(done.stdout)]
