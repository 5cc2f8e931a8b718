"""XML of any size, item by item, with everything switched off that has ever hurt a reader of XML.

The DOCTYPE is cut out before the parser sees it: nothing is declared, so nothing expands and nothing
is fetched. What is sloppy but clear (`&nbsp;`, a bare `&`, a control character) is mended.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from lxml import etree  # type: ignore[import-untyped]

from flows.reading.encoding import FALLBACK, known_charset
from flows.reading.limits import Limits, size_text
from flows.reading.streams import StreamError, chunks_of
from flows.records import Reason

PROLOG_CHARS: Final = 2**20
_FEED_BYTES = 2**16
_HEAD_BYTES = 2**16
_DECLARED = re.compile(rb"\s*+<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_BEFORE_ROOT = re.compile(r"(?:\s++|<!--(?:[^-]|-(?!->))*+-->|<\?(?:[^?]|\?(?!>))*+\?>)*+")
_DOCTYPE = re.compile(
    r"<!DOCTYPE(?:[^\[\]\"'<>]|\"[^\"]*+\"|'[^']*+')*+"
    r"(?:\[(?:<!--(?:[^-]|-(?!->))*+-->|<\?(?:[^?]|\?(?!>))*+\?>|[^\]\"'<]|\"[^\"]*+\"|'[^']*+'|<(?!!--|\?))*+\]\s*+)?+>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"<!ENTITY\s{1,20}(?:%\s{1,20})?([^\s\"'<>%&;]{1,100})", re.IGNORECASE)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&(?:([A-Za-z_][\w.-]{0,99});|#(\d{1,7}|x[0-9A-Fa-f]{1,6});)?")
_SECTION = re.compile(r"<!\[CDATA\[|<!--")
_SECTION_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_UNFINISHED = re.compile(r"(?:&[\w.#-]{0,110}|<(?:!(?:-|\[[CDAT]{0,5})?)?|\]\]?|--?)\Z")
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MAX_ERRORS = 1000
_MAX_SIBLINGS = 500


class BrokenXml(NamedTuple):
    """Where the XML cannot be read on: the reason and the detail of the rejection."""

    reason: Reason
    detail: str


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def items(
    stream: BinaryIO, names: frozenset[str], limits: Limits
) -> Iterator[tuple[etree._Element, etree._Element] | BrokenXml]:
    """Each outermost element with one of these local names, and the root as read so far.

    An element is only whole until the next is asked for. A BrokenXml comes last, after what could be
    read, when the XML is broken, cut short, or one item is too large.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: etree._Element | None = None
    current: etree._Element | None = None
    is_closed = False
    held = 0
    limit = limits.max_record_bytes
    failure: StreamError | None = None
    try:
        for piece in _mended(stream):
            held += len(piece)
            parser.feed(piece)
            for event, element in parser.read_events():
                if event == "start":
                    if root is None:
                        root = element
                        if root.getroottree().docinfo.doctype:
                            yield BrokenXml(Reason.BAD_XML, "a DOCTYPE where none may stand")
                            return
                    if current is None and local_name(element) in names:
                        current = element
                    continue
                is_closed = element is root
                if current is None or element is not current:
                    continue
                yield element, root if root is not None else element
                current = None
                held = 0
                element.clear(keep_tail=False)
                parent = element.getparent()
                if parent is not None and len(parent) > _MAX_SIBLINGS:
                    del parent[:-1]
            if is_closed:
                break
            if held > limit:
                yield BrokenXml(Reason.TOO_LARGE, f"one item of more than {size_text(limit)}")
                return
            if len(parser.feed_error_log) > _MAX_ERRORS:
                break
    except etree.XMLSyntaxError:
        pass  # the log says what
    except StreamError as error:
        failure = error
    fatal = [entry for entry in parser.feed_error_log if entry.level == etree.ErrorLevels.FATAL]
    if failure is not None:
        raise failure
    if fatal:
        message = " ".join(fatal[0].message.split())[:200]
        yield BrokenXml(Reason.BAD_XML, f"line {fatal[0].line}: {message}")
    elif not is_closed:
        yield BrokenXml(Reason.BAD_XML, "the XML ends before it is closed")


def _mended(stream: BinaryIO) -> Iterator[bytes]:
    """UTF-8 without DOCTYPE, without characters XML forbids, every reference one that needs no DTD."""
    pieces = _characters(stream)
    head = ""
    for piece in pieces:
        head += piece
        if len(head) >= PROLOG_CHARS or _root_found(head):
            break
    head = head.lstrip()
    if head.startswith("<?xml"):  # says an encoding that is no longer true
        head = head.partition("?>")[2]
    declared: frozenset[str] = frozenset()
    start = _BEFORE_ROOT.match(head)
    at = start.end() if start else 0
    doctype = _DOCTYPE.match(head, at)
    if doctype:
        declared = frozenset(_ENTITY.findall(doctype[0]))
        head = head[:at] + head[doctype.end() :]
    elif head[at : at + 9].upper() == "<!DOCTYPE":
        raise StreamError(Reason.BAD_XML, "the DOCTYPE is broken, or of more than a megabyte")
    section = ""  # the mark that opened the CDATA section or comment we are in

    def mend(match: re.Match[str]) -> str:
        found = match[0]
        if name := match[1]:
            if name in _PREDEFINED:
                return found
            if name in declared:
                return ""
            known = html.unescape(found)
            return known if known != found and not _ILLEGAL.search(known) else f"&amp;{found[1:]}"
        if number := match[2]:
            code = int(number[1:], 16) if number[0] == "x" else int(number)
            legal = code < 0x110000 and not _ILLEGAL.match(chr(code))
            return found if legal else "\ufffd"
        return "&amp;"

    def mended(text: str) -> bytes:
        """The text with references mended, comments left out, and CDATA as plain text.

        (The parser takes time in the square of its length for a CDATA section that comes in pieces.)
        """
        nonlocal section
        text = _ILLEGAL.sub("", text)
        parts: list[str] = []
        at = 0
        while at < len(text):
            if section:
                end = text.find(_SECTION_ENDS[section], at)
                inner = text[at:end] if end >= 0 else text[at:]
                if section != "<!--":
                    parts.append(html.escape(inner, quote=False))
                if end < 0:
                    break
                section = ""
                at = end + 3
                continue
            opens = _SECTION.search(text, at)
            outer = text[at : opens.start()] if opens else text[at:]
            parts.append(_REFERENCE.sub(mend, outer.replace("]]>", "]]&gt;")))
            if opens is None:
                break
            section = opens[0]
            at = opens.end()
        return "".join(parts).encode("utf-8", "replace")

    carried = head
    while True:
        unfinished = _UNFINISHED.search(carried, max(0, len(carried) - 112))
        cut = unfinished.start() if unfinished else len(carried)
        ready, carried = carried[:cut], carried[cut:]
        whole = mended(ready)
        for first in range(0, len(whole), _FEED_BYTES):
            yield whole[first : first + _FEED_BYTES]
        fresh = next(pieces, None)
        if fresh is None:
            break
        carried += fresh
    yield mended(carried)


def _root_found(head: str) -> bool:
    start = _BEFORE_ROOT.match(head)
    at = start.end() if start else 0
    rest = head[at : at + 9]
    if not rest.upper().startswith("<!DOCTYPE"[: len(rest)]):
        return len(rest) > 1 and not rest.startswith(("<!", "<?"))
    doctype = _DOCTYPE.match(head, at)
    return doctype is not None and doctype.end() < len(head)


def _characters(stream: BinaryIO) -> Iterator[str]:
    """The characters: as UTF-8 when the head is, else as the XML declares."""
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in chunks_of(stream):
        if decoder is None:
            decoder = _decoder(chunk[:_HEAD_BYTES])
        yield decoder.decode(chunk)
    if decoder is not None:
        yield decoder.decode(b"", final=True)


def _decoder(head: bytes) -> codecs.IncrementalDecoder:
    declared = _DECLARED.match(head)
    codec = known_charset(declared[1].decode("ascii")) if declared else None
    if codec and not head.isascii():
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
            codec = None
        except UnicodeDecodeError:
            pass
    if codec:
        return codecs.getincrementaldecoder(codec)(errors="replace")
    return codecs.getincrementaldecoder("utf-8")(errors=FALLBACK)
