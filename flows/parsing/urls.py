"""The URL that identifies an article, and the domain it was published under."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tld import get_tld

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ocid|cmpid|cmp|ncid|_ga|ref_src|ref_url|smid|s_cid|xtor|at_\w+",
    re.I,
)
_ARCHIVE = re.compile(r"https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(?=https?://|www\.)", re.I)


def article_url(value: str | None) -> str | None:
    """Return the URL as an identity: no fragment, no tracking parameters, host in lower case.

    None for what is no web address and for a home page: a site's front is no article.
    """
    if not value:
        return None
    value = value.strip()
    if value.startswith("//"):
        value = "https:" + value
    if len(value) > 2000 or any(c <= " " for c in value):
        return None
    try:
        parts = urlsplit(value)
        host = parts.hostname
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "." not in host:
        return None
    query = parts.query
    if query and _TRACKING.search(query):
        query = urlencode(
            [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not _TRACKING.fullmatch(k)]
        )
    if parts.path.strip("/") in ("", "index.html", "index.htm", "index.php") and not query:
        return None
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    return urlunsplit((parts.scheme.lower(), netloc, parts.path or "/", query, ""))


@lru_cache(maxsize=4096)
def host_domain(host: str) -> str | None:
    """Return the registered domain of a host ("edition.cnn.com" -> "cnn.com"), None for an IP or no host.

    Under an ending that no registry lists (a newsroom's own network), it is the last two labels.
    """
    host = host.lower().strip(".")
    if not re.fullmatch(r"[\w.-]{1,253}", host) or "." not in host or host.replace(".", "").isdigit():
        return None
    found = get_tld(host, fix_protocol=True, as_object=True, fail_silently=True)
    domain = getattr(found, "fld", None)
    return domain if isinstance(domain, str) and domain else ".".join(host.split(".")[-2:])


def url_domain(value: str | None) -> str | None:
    """Return the registered domain a URL was published under; of an archive's copy that of the original."""
    if not value:
        return None
    value = _ARCHIVE.sub("", value.strip()[:2000])
    try:
        host = urlsplit(value if "://" in value else f"http://{value}").hostname
    except ValueError:
        return None
    return host_domain(host) if host else None
