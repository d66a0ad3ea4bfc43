"""The kinds of HR system that this product knows, by the name that settings use."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shared.sources.kind import Kind
from shared.sources.kinds import cloudevents, eventgrid, greenhouse, mapped, scim, standard

KINDS: Mapping[str, Kind[Any]] = MappingProxyType(
    {
        "cloudevents": cloudevents.KIND,
        "eventgrid": eventgrid.KIND,
        "greenhouse": greenhouse.KIND,
        "mapped": mapped.KIND,
        "scim": scim.KIND,
        "standard": standard.KIND,
    }
)
