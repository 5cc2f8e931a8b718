"""Which format a file is: by its ending first, corrected by what its first bytes plainly are.

A page saved as `.txt` is a page, and an export without an ending is known by its content.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Final, Literal

from flows.reading.compression import ENDINGS as PACKED_ENDINGS
from flows.reading.compression import is_packed
from flows.reading.iptc7901 import HEADER as IPTC7901_HEADER
from flows.reading.remote import WEB, protocol_of
from flows.reading.tar_archive import is_header as is_tar_header
from flows.records import Reason

Format = Literal[
    "text",
    "html",
    "json",
    "csv",
    "parquet",
    "mhtml",
    "warc",
    "iptc7901",
    "newsml_g2",
    "newsml1",
    "nitf",
    "feed",
    "zip",
    "tar",
]

FORMATS: Final[dict[str, Format]] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".jsonlines": "json",
    ".ldjson": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".warc": "warc",
    ".zip": "zip",
    ".tar": "tar",
}
_SHORT_ENDINGS: Final = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}
_XML_ENDINGS: Final = frozenset(
    {".xml", ".nitf", ".newsml", ".newsmlg2", ".nml", ".rss", ".atom", ".rdf", ".feed"}
)
_ROOTS: Final[dict[str, Format]] = {
    "newsMessage": "newsml_g2",
    "newsItem": "newsml_g2",
    "packageItem": "newsml_g2",
    "NewsML": "newsml1",
    "NewsItem": "newsml1",
    "nitf": "nitf",
    "rss": "feed",
    "RDF": "feed",
    "feed": "feed",
    "entry": "feed",
}

_KNOWN_BINARIES = (
    (b"%PDF-", "a PDF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x7fELF", "a program"),
)
# Comments, processing instructions and white space may come first (HTML standard, 13.1). Each is
# matched without looking back, so that a megabyte of them costs a millisecond.
_HTML = re.compile(
    rb"(?:\s++|<!--(?:[^-]|-(?!->))*+-->|<\?[^>]*+>)*+(?:<!doctype\s+html|<html|<head|<body)[\s>]",
    re.IGNORECASE,
)
_JSON = re.compile(rb'\s*+(?:\[\s*+)?\{\s*+(?:"[^"\n]{0,200}"\s*+:|\}\s*+\Z)')
_PROLOG = rb"(?:\s++|<!--(?:[^-]|-(?!->))*+-->|<\?(?:[^?]|\?(?!>))*+\?>)*+"
_NAME = rb"(?:[\w.-]{1,50}:)?([\w.-]{1,100})(?=[\s/>\[])"
_XML = re.compile(_PROLOG + rb"<(?:!DOCTYPE\s{1,20})?" + _NAME)
_MHTML_HEADERS = re.compile(
    rb"(?=(?:[^\r\n]{1,2000}\r?\n){0,40}?content-type:\s{0,9}multipart/related)"
    rb"(?=(?:[^\r\n]{1,2000}\r?\n){0,40}?mime-version:)[\w-]{1,40}:",
    re.IGNORECASE,
)
_OFFICE_MEMBERS = re.compile(
    rb"mimetype|\[Content_Types\]\.xml|_rels/|META-INF/|word/|xl/|ppt/|AndroidManifest"
)
_TAG = re.compile(rb"<[A-Za-z!/?]")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\b\x1a\x1b\x1e"))


def ending_of(file_path: str) -> str:
    """The ending in lower case, `.gz` and its kin left out: `.jsonl` for `a/B.JSONL.gz`."""
    if protocol_of(file_path) in WEB and "!/" not in file_path:
        file_path = file_path.partition("?")[0]
    root, ending = os.path.splitext(file_path.lower())  # noqa: PTH122
    ending = os.path.splitext(root)[1] if ending in PACKED_ENDINGS else ending  # noqa: PTH122
    return _SHORT_ENDINGS.get(ending, ending)


def known_binary(head: bytes) -> str | None:
    """What the bytes are when they open a well-known file that is no text."""
    if head.startswith(b"PK\x03\x04") and _OFFICE_MEMBERS.match(head, 30):
        return "an office document, an e-book or a program"
    return next((name for magic, name in _KNOWN_BINARIES if head.startswith(magic)), None)


def archive_format(head: bytes, ending: str) -> Format | None:
    """The format of bytes that are not text but are read: an archive or a Parquet file."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head[257:262] == b"ustar" or (ending == ".tar" and is_tar_header(head)):
        return "tar"
    if head.startswith((b"WARC/1.", b"WARC/0.")):
        return "warc"
    return "iptc7901" if IPTC7901_HEADER.match(head) else None


def xml_root(head: bytes) -> str | None:
    """The local name of the root element, None when the bytes are no XML.

    A bare DOCTYPE counts by the name it gives; a page in XHTML is told before.
    """
    match = _XML.match(head)
    return match[1].decode("ascii", "replace") if match else None


def is_binary(head: bytes) -> bool:
    """Whether more than one byte in a hundred is a control character."""
    return (len(head) - len(head.translate(None, _CONTROL))) * 100 > len(head)


def format_of(
    file_path: str, head: bytes, *, looks_like_csv: Callable[[], bool]
) -> Format | tuple[Reason, str]:
    """The format of a file with these first bytes, or why it has none: the reason and the detail.

    `looks_like_csv` says whether the first line names columns that articles have; it is asked only
    when the ending says nothing.
    """
    ending = ending_of(file_path)
    expected = FORMATS.get(ending)
    unfit = Reason.BINARY if expected or ending in _XML_ENDINGS else Reason.UNSUPPORTED_FORMAT
    if is_packed(head):
        return Reason.UNSUPPORTED_FORMAT, "packed twice: unpack it once"
    if binary := known_binary(head):
        return unfit, binary
    if archive := archive_format(head, ending):
        return archive
    if expected in ("zip", "tar", "parquet", "warc"):
        return Reason.UNREADABLE, f"the content is no {expected}"
    if is_binary(head):
        return unfit, "binary data"
    if _HTML.match(head):
        return "html"
    root = xml_root(head)
    if root in _ROOTS:
        return _ROOTS[root]
    if expected != "json" and _JSON.match(head):
        return "json"
    if ending in _XML_ENDINGS or (expected in (None, "text") and head.lstrip().startswith(b"<?xml")):
        if root is None:
            return Reason.BAD_XML, "no element in its first 64 KB"
        return Reason.UNSUPPORTED_FORMAT, f"XML with the root <{root}>, which is no news format that is read"
    if _MHTML_HEADERS.match(head):
        return "mhtml"
    if expected == "html" and not _TAG.search(head):
        return "text"
    if expected:
        return expected
    if looks_like_csv():
        return "csv"
    what = f"files ending in {ending}" if ending else "files without an ending"
    return Reason.UNSUPPORTED_FORMAT, (
        f"{what} are not read, and the content is not HTML, XML, JSON or CSV; "
        "rename it to .txt if it is an article"
    )
