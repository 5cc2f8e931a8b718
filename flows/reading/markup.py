"""The text of a body that is marked up: XHTML, NITF, or an HTML fragment inside a feed.

Whole pages are not read here: of those the parser takes the article out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree  # type: ignore[import-untyped]

from flows.reading.xml_stream import local_name

_BLOCKS = frozenset(
    (
        *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "hr", "pre"),
        *("table", "tbody", "thead", "tr", "caption", "blockquote", "section", "article", "aside", "header"),
        *("footer", "main", "address", "center", "body"),
        *("hl1", "hl2", "hedline", "block", "bq", "fn", "credit", "tagline", "nitf-table", "datasource"),
        *("body.head", "body.content", "body.end"),
    )
)
_SKIPPED = frozenset(
    (
        *("script", "style", "head", "template", "noscript", "iframe", "object", "embed", "svg", "math"),
        *("form", "button", "select", "nav", "figure", "audio", "video"),
        *("media", "media-caption", "media-metadata", "media-producer", "media-reference", "custom-table"),
    )
)
_CELLS = frozenset({"td", "th"})
_TAG = re.compile(r"<[A-Za-z/!]|&[A-Za-z#]")
_BREAK = "\x1e"


def line_of(element: etree._Element | None) -> str:
    """All characters of an element as one line, empty for None."""
    return " ".join("".join(_strings(element)).split()) if element is not None else ""


def _strings(element: etree._Element) -> Iterable[str]:
    return (part if isinstance(part, str) else "" for part in element.itertext())


def block_text(element: etree._Element) -> str:
    """The paragraphs of an element, parted by blank lines; scripts, forms and pictures left out."""
    found: list[str] = []
    parts: list[str] = []
    skipped: etree._Element | None = None
    preformatted = 0

    def flush() -> None:
        whole = "".join(parts)
        parts.clear()
        if preformatted:
            found.append(whole.replace(_BREAK, "\n").strip("\n"))
            return
        lines = [" ".join(line.split()) for line in whole.split(_BREAK)]
        found.append("\n".join(lines).strip())

    for event, node in etree.iterwalk(element, events=("start", "end")):
        name = local_name(node).lower()
        if event == "start":
            if skipped is not None:
                continue
            if name in _SKIPPED:
                skipped = node
                continue
            if name in _BLOCKS:
                flush()
                preformatted += name == "pre"
            elif name == "br":
                parts.append(_BREAK)
            elif name in _CELLS:
                parts.append(" ")
            parts.append(node.text or "")
            continue
        if skipped is not None:
            if node is not skipped:
                continue
            skipped = None
        elif name in _BLOCKS:
            flush()
            preformatted -= name == "pre"
        if node is not element:
            parts.append(node.tail or "")
    flush()
    return "\n\n".join("\n".join(part) for block in found for part in _parted(block))


def _parted(text: str) -> Iterator[list[str]]:
    """The lines of each stretch of text between blank lines."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            lines.append(line.rstrip() if lines else line.strip())
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def fragment_text(markup: str) -> str:
    """The paragraphs of an HTML fragment, parted by blank lines; other line ends are only spaces."""
    markup = markup.strip()
    if not _TAG.search(markup):
        return "\n\n".join(" ".join(" ".join(part).split()) for part in _parted(markup))
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        tree = etree.fromstring(markup.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return markup
    return (block_text(tree) if tree is not None else "") or markup
