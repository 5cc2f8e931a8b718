"""The records that pass from stage to stage.

A file is read into documents, a document is parsed into an article or a rejection, and a text is
annotated with mentions, topics, key phrases and citations. All are plain immutable values. Offsets
are 0-based, end exclusive, in code points of the named field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

Field = Literal["title", "text"]


class Reason(StrEnum):
    """Why an input gave no article: the closed list behind `marts.rejections.reason_code`."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    TRUNCATED = "truncated"
    BINARY = "binary"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TOO_LARGE = "too_large"
    BAD_JSON = "bad_json"
    BAD_CSV = "bad_csv"
    BAD_XML = "bad_xml"
    UNSAFE_PATH = "unsafe_path"
    WITHDRAWN = "withdrawn"
    NO_TEXT_FIELD = "no_text_field"
    NO_ARTICLE = "no_article"
    TOO_SHORT = "too_short"
    PARSER_FAILED = "parser_failed"


@dataclass(frozen=True, slots=True)
class Document:
    """One record of a file, as found.

    `fields` holds what the format names, under these keys where present: `text` (str) or `html`
    (bytes or str), `title`, `date`, `url`, `outlet`, `authors` (str or list), `language`, `agency`.
    Wires and feeds also give, as found: `id`, `dateline`, `slugline`, `urgency`, `version`, `status`
    (`usable`, `canceled`, `withheld`), `signal` (`correction`), `topics` (list of `medtop:NNNNNNNN`),
    `updated`, `is_summary` (True); archived pages `crawled`, which is never the day of publication.
    A canceled or withheld item may have no text: it withdraws what was sent before.
    """

    file_path: str
    record_number: int
    format_code: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """What a wire, a feed or a crawler says of the record itself; None or empty where it says nothing.

    `item_key` names the item among those of all senders; it is None when the id is only a number in a
    file. `topic_ids` are `medtop:NNNNNNNN` as given. Times are in UTC.
    """

    item_id: str | None = None
    item_key: str | None = None
    version_number: int | None = None
    updated_at: datetime | None = None
    crawled_at: datetime | None = None
    slugline: str | None = None
    urgency: int | None = None
    is_summary: bool = False
    is_correction: bool = False
    topic_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """One input that gave no article, and why; `url` and `item` name the article that it withdraws."""

    file_path: str
    record_number: int
    reason: Reason
    detail: str
    url: str | None = None
    item: Item = Item()


PublishedBasis = Literal["metadata", "url", "dateline", "text", "none"]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as parsed. What is not known is None (or empty), never a guess."""

    file_path: str
    record_number: int
    format_code: str
    title: str | None
    text: str
    published_on: date | None = None
    published_basis: PublishedBasis = "none"
    language_code: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    outlet_name: str | None = None
    outlet_domain: str | None = None
    agency_id: str | None = None
    agency_name: str | None = None
    dateline_place: str | None = None
    headline_flags: tuple[str, ...] = ()
    item: Item = Item()

    @property
    def is_correction(self) -> bool:
        """Whether its sender or its headline says that it corrects what was published before."""
        return self.item.is_correction or "correction" in self.headline_flags

    @property
    def word_count(self) -> int:
        """Whitespace-separated words in title and text."""
        return len(self.text.split()) + len((self.title or "").split())

    @property
    def text_hash(self) -> str:
        """Key of everything that is computed from title and text alone: 32 hex digits."""
        return digest(self.title or "", self.text)


@dataclass(frozen=True, slots=True)
class Text:
    """What the annotator sees of an article; equal texts are annotated once."""

    text_hash: str
    title: str
    text: str
    language_code: str | None


class Mention(NamedTuple):
    """One occurrence of an entity. `mention_text` is the slice of `field` at the offsets.

    `entity_name` is the fullest form of the name in this article ("Kang Kyung-wha" for "Kang");
    `decided_by` names the model or the rule that found it; `role` is the title before a person ("Foreign
    Minister"); `is_metonym` says that a country or capital stands for its government ("Tokyo insists").
    """

    field: Field
    start_char: int
    end_char: int
    mention_text: str
    entity_name: str
    entity_type: str
    decided_by: str
    role: str | None = None
    is_metonym: bool = False


class TopicScore(NamedTuple):
    """One IPTC topic of a text with a score between 0 and 1."""

    topic_id: str
    topic_score: float
    is_primary: bool


class KeyPhrase(NamedTuple):
    """One phrase that is telling of a text."""

    phrase: str
    phrase_score: float


class Citation(NamedTuple):
    """Somebody says something. All offsets are in the field `text`.

    `entity_name` and `entity_type` are those of the mention the source names, None when it names nobody;
    a pronoun keeps its own place and names the person it stands for (`is_resolved_pronoun`). `role` is the
    office or function of the source ("Foreign Minister"), None when the text gives none.
    """

    source_text: str
    source_start_char: int
    source_end_char: int
    cue_text: str
    cue_start_char: int
    cue_end_char: int
    content_text: str
    content_start_char: int
    content_end_char: int
    quote_type: str
    source_type: str
    entity_name: str | None
    entity_type: str | None
    role: str | None = None
    is_anonymous: bool = False
    is_official: bool = False
    is_resolved_pronoun: bool = False


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one field: token i is `text[starts[i]:ends[i]]`, white space left out."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything the annotator says of one text."""

    text_hash: str
    mentions: list[Mention] = field(default_factory=list)
    topics: list[TopicScore] = field(default_factory=list)
    key_phrases: list[KeyPhrase] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)


def digest(*parts: str) -> str:
    """32 hex digits that are the same on every machine and in every version (SHA-256, shortened)."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]
