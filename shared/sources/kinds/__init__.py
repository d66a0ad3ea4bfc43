"""The kinds of HR system that this product knows, by the name that settings use."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shared.sources.kind import Kind
from shared.sources.kinds import (
    bamboohr,
    cloudevents,
    csv,
    deel,
    eventgrid,
    finch,
    graph,
    greenhouse,
    gusto,
    hibob,
    mapped,
    merge,
    personio,
    scim,
    standard,
)

KINDS: Mapping[str, Kind[Any]] = MappingProxyType(
    {
        "bamboohr": bamboohr.KIND,
        "cloudevents": cloudevents.KIND,
        "csv": csv.KIND,
        "deel": deel.KIND,
        "eventgrid": eventgrid.KIND,
        "finch": finch.KIND,
        "graph": graph.KIND,
        "greenhouse": greenhouse.KIND,
        "gusto": gusto.KIND,
        "hibob": hibob.KIND,
        "mapped": mapped.KIND,
        "merge": merge.KIND,
        "personio": personio.KIND,
        "scim": scim.KIND,
        "standard": standard.KIND,
    }
)
