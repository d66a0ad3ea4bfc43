"""The kinds of HR system that this product knows, by the name that settings use."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shared.sources.kind import Kind
from shared.sources.kinds import standard

KINDS: Mapping[str, Kind[Any]] = MappingProxyType({"standard": standard.KIND})
