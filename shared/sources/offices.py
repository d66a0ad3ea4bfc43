"""Offices as another system names them, and the sites that the settings know."""

from collections.abc import Mapping
from typing import Any


def site_of(office: Any, sites: Mapping[str, str]) -> str | None:
    """Name the site of an office. Without `sites` none is told; an office that they do not know is told as it is.

    Planning then says that there is no such site, instead of taking another zone in silence.
    """
    return sites.get(office, office) if sites and isinstance(office, str) else None
