"""Bytes to characters without ever failing: byte order marks, UTF-8, and what people used before.

Legacy Western text is read as UTF-8 whose invalid bytes are Windows-1252, so that a file of both
kinds, as news archives have them, keeps every letter; any other encoding needs evidence.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

SAMPLE_BYTES: Final = 2**16
FALLBACK: Final = "newsmill-cp1252"

_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
# Detected names whose Python codec of that name knows fewer characters than browsers read (WHATWG Encoding).
_WIDER: Final = {"Shift_JIS": "cp932", "EUC-KR": "cp949", "ISO-8859-8-I": "iso8859_8"}
# Their letters stand where Western ones do, so a pound sign or two would make "Ł" of English.
_LATIN: Final = re.compile(r"cp125[0478]|iso8859-(?:[2349]|1[03-6])")
_LEAST_LETTERS: Final = 3
_LEAST_SHARE: Final = 0.005
# Longer marks first: a UTF-32 mark begins with a UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _invalid_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_CP1252[byte] for byte in bad), error.end


# Five bytes are not assigned in Windows-1252; browsers read them as Latin-1 (WHATWG Encoding).
_CP1252 = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]
codecs.register_error(FALLBACK, _invalid_as_cp1252)


def wide_encoding(head: bytes) -> str | None:
    """`utf-16-le` and its kin when the bytes carry their mark, or have a zero in every other place."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) >= 16 and max(even, odd) > len(sample) * 0.3 and min(even, odd) * 50 < max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def as_utf8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The pieces of a UTF-16 or UTF-32 file as UTF-8, what is invalid replaced by U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    first = True
    for chunk in chunks:
        text = decoder.decode(chunk)
        if first and text:
            text = text.removeprefix("\ufeff")
            first = False
        yield text.encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def encoding_of(sample: bytes) -> str:
    """Name of a Python codec for the text: `utf-8` for UTF-8 and Windows-1252, else what the bytes show.

    What is not UTF-8 is told by chardetng (Sivonen 2020), the detector of Firefox. Another Latin alphabet
    than the Western one is believed when three letters and half a hundredth of all are its own. Decode with
    `errors=FALLBACK` when it is `utf-8`, with `errors="replace"` otherwise.
    """
    sample = sample[:SAMPLE_BYTES]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        invalid = sample.decode("utf-8", "replace").count("\ufffd")
        if invalid > 0.2 * len(_HIGH_BYTE.findall(sample)):
            return _guessed_encoding(sample)
    return "utf-8"


def _guessed_encoding(sample: bytes) -> str:
    from chardetng_py import detect  # only needed by old files

    name = detect(sample)
    codec = codecs.lookup(_WIDER.get(name, name)).name
    if codec == "cp1252":
        return "utf-8"
    if _LATIN.fullmatch(codec):
        found, western = sample.decode(codec, "replace"), sample.decode("latin-1")
        own = sum(a != b and a.isalpha() for a, b in zip(found, western, strict=True))
        if own < max(_LEAST_LETTERS, _LEAST_SHARE * len(_ASCII_LETTER.findall(sample))):
            return "utf-8"
    return codec


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of the bytes, without its byte order mark. Never fails."""
    name = encoding or encoding_of(data)
    text = data.decode(name, FALLBACK if name == "utf-8" else "replace")
    return text.removeprefix("\ufeff")


_PAGE_CHARSET = re.compile(
    r"(?:x-)?(?:windows|cp|iso|koi8|shift|s?jis|euc|gb|big5|mac|tis|ks_c|latin)[\w.:-]{0,20}", re.I
)


def known_charset(name: str | None) -> str | None:
    """The Python codec of a charset the web knows, as browsers read it; None for UTF-8 and for no such."""
    if not name or not _PAGE_CHARSET.fullmatch(name.strip()):
        return None
    try:
        codec = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    return "cp1252" if codec == "iso8859-1" else codec


def page_content(data: bytes, charset: str | None) -> bytes | str:
    """A page as its transport declares it: characters when it is not UTF-8 and `charset` says what it is.

    Otherwise the bytes, zero bytes left out, for the page itself to say it.
    """
    data = data.replace(b"\0", b"")
    codec = known_charset(charset)
    if codec is None:
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(codec, "replace")
    return data
