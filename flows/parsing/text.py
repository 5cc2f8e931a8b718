"""Clean text out of text as found.

Repairs the encoding, strips mark-up, finds the paragraphs of hard-wrapped wires, of one-line-per-paragraph
copies and of flattened records, and takes the chrome of the page it was copied from off both ends.
"""

from __future__ import annotations

import csv
import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

_SPACES = dict.fromkeys([9, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_LINE_ENDS = {ord(c): "\n" for c in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"}
_INVISIBLE = {
    ord(c): None
    for c in "\xad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\x7f"
}
_CONTROL = {i: None for i in range(32) if i not in (9, 10, 11, 12, 13, 28, 29, 30)}
_CLEAN = {**_CONTROL, **dict.fromkeys(range(128, 160)), **_SPACES, **_LINE_ENDS, **_INVISIBLE}

_CLEAN_TEXT = {chr(c): replacement or "" for c, replacement in _CLEAN.items()}
_UNCLEAN = re.compile("[" + "".join(re.escape(chr(c)) for c in _CLEAN) + "]")
# What UTF-8 read as Latin-1, Windows-1252 or Mac Roman leaves behind. All that it can open with stands first,
# once: that is what `re` looks for fast.
_MOJIBAKE = re.compile(
    "[\x80-\x9f\xc2-\xf4\u201a](?:(?<=[\x80-\x9f])|(?<=\u201a)\xc4|(?<=[\xc2-\xf4])"
    "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122])"
)
_NON_TEXT = re.compile(
    r"<(script|style|noscript|iframe)\b[^<>]{0,2000}>.{0,100000}?</\1\s{0,9}>", re.I | re.S
)
_COMMENT = re.compile(r"<!--.{0,20000}?-->", re.S)
_BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|table|tr|td|th|tbody|thead|blockquote|section|article|header|footer|figure"
    r"|figcaption|hr|pre|main|aside|nav|html|body|head|dl|dt|dd|center|form|title)(?:\s[^<>]{0,4000})?/?>",
    re.I,
)
_BREAK = re.compile(r"<br\s{0,9}/?>|<br\s[^<>]{0,400}>", re.I)
_INLINE = re.compile(
    r"</?(?:a|abbr|acronym|b|big|cite|code|del|em|font|i|img|ins|kbd|label|link|mark|meta|o:p|picture|q|s|samp|small"
    r"|source|span|strike|strong|sub|sup|time|tt|u|var|video|wbr|button|input|svg|path|iframe|script|style|noscript"
    r"|object|param|embed|amp-img)(?:\s[^<>]{0,4000})?/?>",
    re.I,
)
_MARKUP = re.compile(r"</[a-z][a-z0-9:]{0,9}\s{0,9}>|<(?:br|p|hr|img|li|div)(?:\s[^<>]{0,4000})?/?>", re.I)
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
# "Spain #39;s": an entity that lost its ampersand to a careless cleaner
_BARE_ENTITY = re.compile(
    r"(?: (?=#39;(?:s|t|re|ve|ll|d|m)\b))?#(34|36|38|39|8211|8212|8216|8217|8220|8221|8230|151|147|148|146);"
    r"|(?<![&\w])(quot|amp|lt|gt|nbsp|apos);"
)
_BARE_ENDS = ("#", "quot;", "amp;", "lt;", "gt;", "nbsp;", "apos;")
_SOME_SEPARATOR = re.compile(r"[.!?:;\"”’)\]]\s{0,9},\s{1,9},(?=\s|$)|,\s{1,9},\s{1,9},")
_SEPARATOR = re.compile(r"(?:(?<=\S),|\s,)\s{1,9},(?:\s{0,9},){0,99}(?:\s|$)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_RUN_OF_SPACES = re.compile(" {2,}")
SENTENCE_END = tuple(".!?:;\"'”’)]…。！？؟।»")
_WRAP_WIDTH = 100


def repair(raw: str) -> str:
    """Return the text with its encoding repaired and mark-up, entities and odd characters resolved.

    Lines stay as they are; nothing that is text is lost. Mojibake is undone by ftfy (Speer 2019), the
    result is in Unicode NFC.
    """
    text = raw
    if not text.isascii() and _MOJIBAKE.search(text):
        import ftfy  # few texts need it

        text = ftfy.fix_encoding(text)
    text = _one_line_end(text)
    if "\n" not in text and "\\n" in text:
        text = text.replace("\\r", "").replace("\\n", "\n")
    if "<" in text and ">" in text and _MARKUP.search(text):
        text = _strip_tags(text)
    if "&" in text and ";" in text:
        text = _ENTITY.sub(_unescape, text)
        if "&" in text and _ENTITY.search(text):  # "&amp;quot;" was escaped twice
            text = _ENTITY.sub(_unescape, text)
        if "<" in text and ">" in text and _MARKUP.search(text):
            text = _strip_tags(text)
    text = _one_line_end(text)  # "&#13;" was one
    if ";" in text and any(map(text.__contains__, _BARE_ENDS)):
        text = _BARE_ENTITY.sub(_unescape_bare, text)
    if "\\$" in text:
        text = text.replace("\\$", "$")
    if not text.replace("\n", "").isprintable():  # nothing that is printed is unclean
        text = _UNCLEAN.sub(_clean, text)  # str.translate takes ten times as long where little is to clean
        text = _SURROGATE.sub("\ufffd", text)
    # Last, since entities and what was cut out from between two characters make new pairs.
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _clean(match: re.Match[str]) -> str:
    return _CLEAN_TEXT[match[0]]


def one_line(raw: str) -> str:
    """Return a short field (title, name) as one repaired line."""
    return " ".join(repair(raw[:5000]).split())


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a repaired text, each one line with single spaces, none empty."""
    if ", ," in text or ",  ," in text:
        text = _split_separators(text)
    lines = text.split("\n")
    if len(lines) == 1:
        line = _RUN_OF_SPACES.sub(" ", text).strip()
        return [line] if line else []
    wrapped = _wrap_width(lines)
    margin = _margin(lines) if wrapped else 0
    found: list[str] = []
    open_paragraph = False
    last_length = 0
    for raw_line in lines:
        line = raw_line.strip()
        if not line:
            open_paragraph = False
            continue
        if "  " in line:
            line = _RUN_OF_SPACES.sub(" ", line)
        if open_paragraph and _continues(
            found[-1], last_length, wrapped > 0 and _indent(raw_line) > margin, line, wrapped
        ):
            found[-1] = (
                found[-1] + line if found[-1].endswith("-") and line[:1].islower() else f"{found[-1]} {line}"
            )
        else:
            found.append(line)
        last_length = len(line)
        open_paragraph = True
    return found


def _strip_tags(text: str) -> str:
    text = _COMMENT.sub(" ", _NON_TEXT.sub(" ", text))
    text = _BREAK.sub("\n", _BLOCK.sub("\n\n", text))
    return _INLINE.sub("", text)


def _unescape(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _unescape_bare(match: re.Match[str]) -> str:
    return html.unescape(f"&#{match[1]};" if match[1] else f"&{match[2]};")


def _split_separators(text: str) -> str:
    """Some corpora join paragraphs with ', , ': those that follow a sentence show that this text is one."""
    if not _SOME_SEPARATOR.search(text):
        return text
    return _SEPARATOR.sub("\n\n", text)


def _wrap_width(lines: list[str]) -> int:
    """The width a text was wrapped to by hand or by a wire, 0 when each line is a paragraph."""
    filled = [line.strip() for line in lines[:2000]]
    widths = [len(line) for line in filled if line]
    if not widths:
        return 0
    width = max(widths)
    if width > _WRAP_WIDTH or width < 30:
        return 0
    pairs = continued = 0
    margin = _margin(lines)
    for before, after, raw in zip(filled, filled[1:], lines[1:], strict=False):
        if before and after and _indent(raw) <= margin:  # wires indent what opens a paragraph
            pairs += 1
            continued += after[0].islower() and not before.endswith((".", "!", "?"))
    return width if continued >= 1 and continued >= 0.25 * pairs else 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _margin(lines: list[str]) -> int:
    return min((_indent(line) for line in lines if line.strip()), default=0)


def _continues(paragraph: str, last_length: int, is_indented: bool, line: str, wrapped: int) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if wrapped:
        if is_indented:
            return False
        return last_length >= 0.6 * wrapped or (line[0].islower() and not paragraph.endswith(SENTENCE_END))
    return last_length >= 40 and line[0].islower() and not paragraph.endswith(SENTENCE_END)


@dataclass(frozen=True, slots=True)
class _Chrome:
    lines: frozenset[str]
    starts: tuple[str, ...]
    bottom_starts: tuple[str, ...]
    cuts: frozenset[str]
    anywhere: frozenset[str]
    anywhere_starts: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def _chrome() -> _Chrome:
    with (SEEDS / "page_chrome.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["pattern"], row["match"], row["position"]) for row in csv.DictReader(file)]
    starts = {
        p: tuple(_start(t) for t, m, at in rows if m == "start" and at == p)
        for p in ("ends", "bottom", "anywhere")
    }
    return _Chrome(
        lines=frozenset(_key(t) for t, m, at in rows if m == "line" and at in ("ends", "anywhere")),
        starts=starts["ends"],
        bottom_starts=starts["ends"] + starts["bottom"],
        cuts=frozenset(_key(t) for t, m, at in rows if at == "cut"),
        anywhere_starts=starts["anywhere"],
        anywhere=frozenset(_key(t) for t, m, at in rows if m == "line" and at == "anywhere"),
        pattern=re.compile("|".join(f"(?:{t})" for t, m, at in rows if m == "regex"), re.I),
    )


_EDGES = " \t.:!…»›>«‹<|•·*-–—+©[](){}▶►→←↑▲^#_=~"


def _start(line: str) -> str:
    return line.lstrip(_EDGES).casefold().replace("’", "'")


def _key(line: str) -> str:
    return _start(line).rstrip(_EDGES)


def is_chrome(paragraph: str, bottom: bool = False) -> bool:
    """Whether a paragraph at an end of a text is a button, a label or a notice of the page it was on."""
    if len(paragraph) > 300:
        return False
    start = _start(paragraph)
    key = start.rstrip(_EDGES)
    if not key:
        return True
    chrome = _chrome()
    return (
        key in chrome.lines
        or start.startswith(chrome.bottom_starts if bottom else chrome.starts)
        or chrome.pattern.fullmatch(paragraph.strip()) is not None
    )


def is_cut(paragraph: str) -> bool:
    """Whether a paragraph is a heading that ends an article, such as "Related stories"."""
    return len(paragraph) <= 60 and _key(paragraph) in _chrome().cuts


def strip_chrome(found: list[str]) -> tuple[list[str], list[str]]:
    """Return the paragraphs without page chrome at the top and the bottom, and what was taken off.

    Labels of the position `anywhere` ("Advertisement", "Read also: ...") go wherever they stand alone. A
    heading of the position `cut` ("Related stories") takes what follows with it, if nothing but short
    lines follows.
    """
    chrome = _chrome()
    taken: list[str] = []
    kept: list[str] = []
    for paragraph in found:
        if len(paragraph) <= 200 and (
            (len(paragraph) <= 60 and _key(paragraph) in chrome.anywhere)
            or (":" in paragraph[:40] and _start(paragraph[:60]).startswith(chrome.anywhere_starts))
        ):
            taken.append(paragraph)
        else:
            kept.append(paragraph)
    start, end = 0, len(kept)
    while start < end and is_chrome(kept[start]):
        start += 1
    end = _bottom(kept, start, end)
    short = end
    while (
        short > start + 1
        and len(kept[short - 1]) <= 160
        and not kept[short - 1].endswith((".", ".”", '."', "。"))
    ):
        short -= 1
    for i in range(max(short - 1, start + 1), end):
        if is_cut(kept[i]):
            end = _bottom(kept, start, i)
            break
    if end == start:  # a notice may be all there is: then it is the text
        return (kept, taken) if kept else (found, [])
    taken += kept[:start] + kept[end:]
    return kept[start:end], taken


def _bottom(kept: list[str], start: int, end: int) -> int:
    while end > start and is_chrome(kept[end - 1], bottom=True):
        end -= 1
    return end
