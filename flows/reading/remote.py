"""Files elsewhere: which addresses are read, how they are shown, and how a server may fail.

An address is shown without what is secret in it, and is known by what is shown, so a link that is signed
anew every hour stays one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

WEB = frozenset({"http", "https"})
STORES = frozenset({"s3", "gs"})
RETRY_SECONDS = (0.5, 2.0)
"""How long to wait before trying again what may pass."""

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
# Parameters that prove a right: signatures (of Amazon, Google, Azure), and what keys are usually called.
_SECRET = re.compile(
    r"x-amz-.*|x-goog-.*|awsaccesskeyid|googleaccessid|sig|signature|key-pair-id|jwt|authorization|passw(?:or)?d"
    r"|.*secret|.*(?:api|access)-?_?key|(?!.*(?:page|next|continuation)).*token",
    re.IGNORECASE,
)
_OF_SIGNATURE = re.compile(r"expires|policy|s[ervpt]|spr|sk[a-z]{1,3}", re.IGNORECASE)  # beside one
_OPAQUE = re.compile(r"(?:key|auth)=.{20,}", re.IGNORECASE)  # a short one names an article


@dataclass(frozen=True, slots=True)
class Seen:
    """What a server says of a file: its bytes, None when it does not say, and its version.

    `version` changes whenever the content does; it is empty when the server has no word for it.
    """

    size: int | None
    version: str


class Unreachable(Exception):  # noqa: N818
    """The file exists, or may exist, and cannot be had now; the message says why, without the address."""


class Gone(Unreachable):
    """There is no such file."""


class Broken(Unreachable):
    """The connection ended before the file did; what arrived of it is good."""


class Replaced(Unreachable):
    """The file changed while it was read; what arrived of it may be of two versions."""


def protocol_of(typed: str) -> str | None:
    """The protocol of an address in lower case (`https`), None for a path."""
    match = _ADDRESS.match(typed)
    return match[1].lower() if match else None


def shown_address(typed: str) -> str:
    """An address without user, password, fragment and the parameters that prove a right.

    Paths, and addresses of object stores (where `?` and `#` are parts of a name), come back unchanged.
    """
    if protocol_of(typed) not in WEB:
        return typed
    try:
        parts = urlsplit(typed)
    except ValueError:  # such as a bracket without its pair: not an address, and never fetched
        return re.sub(r"(?<=://)[^/]*@|[?#].*", "", typed)
    host = parts.netloc.rpartition("@")[2].lower()
    return urlunsplit((parts.scheme, host, parts.path or "/", _without_secrets(parts.query), ""))


def holds_secret(typed: str) -> bool:
    """Whether the address has a user, a password or a parameter that proves a right."""
    if protocol_of(typed) not in WEB:
        return False
    host, _, query = typed.partition("#")[0].partition("?")
    return "@" in host.split("/")[2] or _without_secrets(query) != query


def _without_secrets(query: str) -> str:
    named = [(part.partition("=")[0], part) for part in query.split("&")]
    is_signed = any(name.lower() in ("sig", "signature") for name, _ in named)
    return "&".join(
        part
        for name, part in named
        if not _SECRET.fullmatch(name)
        and not _OPAQUE.fullmatch(part)
        and not (is_signed and _OF_SIGNATURE.fullmatch(name))
    )
