"""Files in object stores, `s3://` and `gs://`: objects, what lies below a prefix, and globs.

What a listing says of an object is enough to know it again, so a second run asks for nothing else.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

import aiohttp
from fsspec import AbstractFileSystem, get_filesystem_class
from fsspec.asyn import sync

from flows.reading.limits import Limits
from flows.reading.remote import Gone, Replaced, Seen, Unreachable, protocol_of

_EXTRAS = {"s3": "s3", "gs": "gcs"}
_ERRORS = {
    "s3": (("botocore.exceptions", "BotoCoreError"), ("botocore.exceptions", "ClientError")),
    "gs": (("google.auth.exceptions", "GoogleAuthError"), ("gcsfs.retry", "HttpError")),
}
_BLOCK_BYTES = 2**22
_MAGIC = re.compile(r"[*?\[]")


class MissingPackageError(Exception):
    """The packages for this store are not installed; the message says which."""


def find(address: str, limits: Limits) -> Iterator[tuple[str, Seen]]:
    """The objects an address stands for, sorted, each with what the store says of it.

    An address is an object, else a prefix that ends at a slash, else a glob. Hidden names are left out,
    as in folders. Raises Gone when there is none, Unreachable when the store does not say.
    """
    protocol = str(protocol_of(address))
    path = address.partition("://")[2].strip("/")
    pattern = path.split("/")
    literal = next((n for n, part in enumerate(pattern) if _MAGIC.search(part)), len(pattern))
    if not path or literal == 0:
        raise Gone("it names no bucket")
    if not address.endswith("/"):
        try:
            info = _ask(protocol, limits, "_info", path)
        except Gone:
            info = {}
        if info.get("type") == "file":
            yield address, _seen(info)
            return
    start = _MAGIC.split(pattern[literal])[0] if literal < len(pattern) else ""
    root = "/".join(pattern[:literal])
    found = _ask(protocol, limits, "_find", root, prefix=start, detail=True)
    is_meant = re.compile(_below(pattern)).fullmatch
    is_empty = True
    for name, info in sorted(found.items()):
        if info.get("type") == "file" and not name.endswith("/") and is_meant(name):
            is_empty = False
            yield f"{protocol}://{name}", _seen(info)
    if is_empty:
        raise Gone("no object matches" if literal < len(pattern) else "no such object, and none below it")


def look(address: str, limits: Limits) -> Seen:
    """What the store says of an object. Raises Gone when there is none, Unreachable when it does not say."""
    protocol, _, path = address.partition("://")
    return _seen(_ask(protocol, limits, "_info", path))


def fetch(address: str, seen: Seen, limits: Limits) -> Iterator[bytes]:
    """The object in pieces, in the version that `seen` is of. Raises Replaced when it is another by now."""
    protocol, _, path = address.partition("://")
    size = seen.size or 0
    for start in range(0, size, _BLOCK_BYTES):
        end = min(start + _BLOCK_BYTES, size)
        block: bytes = _ask(protocol, limits, "_cat_file", path, start=start, end=end)
        if len(block) != end - start:
            raise Replaced("it was replaced while it was read")
        yield block
    if look(address, limits) != seen:
        raise Replaced("it was replaced while it was read")


def _below(pattern: list[str]) -> str:
    """A regular expression for the names that match a glob, and for those below what it matches."""
    parts = []
    for part in pattern:
        if part == "**":
            parts.append(r"(?:[^/.][^/]*/)*")
        else:
            start = "" if part.startswith(".") or not _MAGIC.match(part) else r"(?!\.)"
            parts.append(start + fnmatch.translate(part).removesuffix(r"\Z").replace(".*", "[^/]*") + "/")
    return "".join(parts).removesuffix("/") + r"(?:/[^/.][^/]*)*"


def _seen(info: dict[str, Any]) -> Seen:
    version = info.get("generation") or info.get("ETag") or info.get("etag")
    return Seen(int(info["size"]), f"{version} {info['size']}" if version else "")


def _ask(protocol: str, limits: Limits, method: str, path: str, **options: Any) -> Any:
    store = _store(protocol, limits.timeout_seconds)
    # A listing comes in pages, each bounded by the library; the others are one request.
    seconds = limits.max_download_seconds if method == "_find" else limits.timeout_seconds
    try:
        return sync(store.loop, getattr(store, method), path, timeout=seconds, **options)
    except FileNotFoundError:
        raise Gone("no such bucket or object") from None
    except TimeoutError:
        raise Unreachable(f"no answer in {seconds:g} s") from None
    except PermissionError as error:
        raise Unreachable(f"access denied ({_cause(error)})") from None
    except _errors(protocol) as error:
        raise Unreachable(_cause(error)) from None


def _cause(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:200]


def _errors(protocol: str) -> tuple[type[Exception], ...]:
    """Whatever a store's library raises when the store cannot be had."""
    own = (getattr(import_module(module), name) for module, name in _ERRORS[protocol])
    return (OSError, aiohttp.ClientError, *own)


@lru_cache(maxsize=4)
def _store(protocol: str, timeout: float) -> AbstractFileSystem:
    os.environ.setdefault("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")  # gRPC, for buckets of one zone
    try:
        store = get_filesystem_class(protocol)
    except ImportError:
        extra = _EXTRAS[protocol]
        raise MissingPackageError(
            f"reading {protocol}:// needs another package: pip install 'newsmill[{extra}]'"
        ) from None
    options: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
    if protocol == "s3":
        options["config_kwargs"] = {"connect_timeout": timeout, "read_timeout": timeout}
    else:
        options["requests_timeout"] = timeout
    try:
        return store(**options)
    except _errors(protocol) as error:
        raise Unreachable(_cause(error)) from None
