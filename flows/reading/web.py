"""Files on web servers, `https://` and `http://`: one address is one file.

Every wait is bounded, what may pass is tried again, and a redirect leads to the web only.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import aiohttp
import yarl
from fsspec.asyn import sync
from fsspec.implementations.http import HTTPFileSystem

from flows.reading import remote
from flows.reading.limits import Limits
from flows.reading.remote import Broken, Gone, Seen, Unreachable

MAX_REDIRECTS = 5
_PIECE_BYTES = 2**18
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_HEAD_REFUSED = frozenset({400, 403, 404, 405, 501})  # by servers that may answer a GET


def look(address: str, limits: Limits) -> Seen:
    """What the server says of the file, which is not fetched.

    Raises Gone when there is no such file, Unreachable when the server does not say.
    """
    response = _answer("HEAD", address, limits)
    if response.status in _HEAD_REFUSED:
        response = _answer("GET", address, limits)
        _close(response)
    return _seen(response)


def fetch(address: str, limits: Limits) -> tuple[Seen, Iterator[bytes]]:
    """What the server says of the file that it sends, and the file in pieces.

    Raises what `look` raises; the pieces raise Broken when the connection ends first.
    """
    response = _answer("GET", address, limits)
    pieces = _pieces(response, limits.timeout_seconds)
    try:
        return _seen(response), pieces
    except Unreachable:
        _close(response)
        raise


def _pieces(response: aiohttp.ClientResponse, timeout: float) -> Iterator[bytes]:
    try:
        while piece := sync(_web().loop, _piece, response.content, timeout=timeout):
            yield piece
    except TimeoutError as error:
        raise Unreachable(f"the server fell silent for {timeout:g} s") from error
    except (aiohttp.ClientError, OSError) as error:
        raise Broken("the connection broke before the end of the file") from error
    finally:
        _close(response)


async def _piece(content: aiohttp.StreamReader) -> bytes:
    """The next piece, empty at the end. What came before the connection broke comes before the error."""
    try:
        return await content.read(_PIECE_BYTES)
    except (aiohttp.ClientError, OSError):
        rest = content._read_nowait(-1)  # the reader keeps it and has no public door to it
        if not rest:
            raise
        return rest


def _answer(method: str, address: str, limits: Limits) -> aiohttp.ClientResponse:
    """The server's answer, good or bad, after trying again what may pass."""
    for wait in (*remote.RETRY_SECONDS, None):
        try:
            response: aiohttp.ClientResponse = sync(
                _web().loop, _request, method, address, timeout=limits.timeout_seconds
            )
        except aiohttp.TooManyRedirects:
            raise Unreachable(f"more than {MAX_REDIRECTS} redirects") from None
        except aiohttp.NonHttpUrlRedirectClientError:
            raise Unreachable("it redirects to an address that is not http or https") from None
        except aiohttp.ClientSSLError:  # a bad certificate is a ValueError, too
            raise Unreachable("its certificate is not trusted, or it does not speak TLS") from None
        except ValueError:  # aiohttp.InvalidURL is one
            raise Gone("not an address") from None
        except aiohttp.ClientConnectorDNSError:
            raise Gone("its host is not known") from None
        except TimeoutError:
            raise Unreachable(f"no answer in {limits.timeout_seconds:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            fault = _cause(error)
        else:
            if response.status not in _TRANSIENT:
                return response
            _close(response)
            fault = _status(response.status)
        if wait is not None:
            time.sleep(wait)
    raise Unreachable(fault)


async def _request(method: str, address: str) -> aiohttp.ClientResponse:
    session = await _web().set_session()
    is_encoded = address.isascii() and " " not in address  # a signature holds for the address as it is
    url = yarl.URL(address, encoded=is_encoded)
    response: aiohttp.ClientResponse = await session.request(method, url, max_redirects=MAX_REDIRECTS)
    return response


def _seen(response: aiohttp.ClientResponse) -> Seen:
    if response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise Gone(_status(response.status))
    if response.status != HTTPStatus.OK:
        raise Unreachable(_status(response.status))
    size = response.headers.get("Content-Length", "")
    version = response.headers.get("ETag") or response.headers.get("Last-Modified")
    return Seen(int(size) if size.isdecimal() else None, f"{version} {size}" if version else "")


def _status(code: int) -> str:
    known = code in HTTPStatus.__members__.values()
    return f"HTTP {code} {HTTPStatus(code).phrase}" if known else f"HTTP {code}"


def _cause(error: Exception) -> str:
    """What the system says; never the library's words, which hold the address."""
    said = getattr(getattr(error, "os_error", error), "strerror", None)
    return f"no connection ({said})" if said else "the server ended the connection"


def _close(response: aiohttp.ClientResponse) -> None:
    _web().loop.call_soon_threadsafe(response.close)


@lru_cache(maxsize=1)
def _web() -> HTTPFileSystem:
    # Bytes come as they are: packed ones are told by their content, and bounded, in one place.
    options: dict[str, Any] = {
        "auto_decompress": False,
        "trust_env": True,
        "timeout": aiohttp.ClientTimeout(total=None),
        "headers": {"Accept-Encoding": "identity", "User-Agent": "newsmill"},
    }
    return HTTPFileSystem(client_kwargs=options, skip_instance_cache=True)
