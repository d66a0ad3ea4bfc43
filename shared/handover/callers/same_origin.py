"""Does a request come from the hand-over page itself, or from some other site's page? Pure.

Sources: Fetch Metadata Request Headers (Sec-Fetch-Site) and the Fetch standard (Origin). A page cannot set either, and
browsers send Origin with every POST; those that know Sec-Fetch-Site send that, too. Something that is no browser can
send what it likes: this keeps other sites from using somebody's sign-in, and nothing else.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit


def is_same_origin(headers: Mapping[str, str], base_url: str) -> bool:
    """Tell whether the page asks, which people reach under `base_url`. Header names in any case.

    A request with neither header comes from no browser that shows the page, and is refused.
    """
    named = {name.lower(): value for name, value in headers.items()}
    site, origin = named.get("sec-fetch-site"), named.get("origin")
    if site is None and origin is None:
        return False
    return site in {None, "same-origin"} and origin in {None, _origin(base_url)}


def is_from_elsewhere(headers: Mapping[str, str], base_url: str) -> bool:
    """Tell whether another site's page asks. A tool, which sends neither header, is no page."""
    names = {name.lower() for name in headers}
    return not names.isdisjoint({"sec-fetch-site", "origin"}) and not is_same_origin(headers, base_url)


def _origin(url: str) -> str:
    """Return scheme, host and port as browsers write them: in lower case, without a port that is the scheme's own."""
    parts = urlsplit(url.lower())
    host = parts.netloc.rpartition("@")[2]
    usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return f"{parts.scheme}://{host.removesuffix(usual) if usual else host}"
