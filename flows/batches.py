"""The work on one batch: parse documents, annotate texts, write Parquet.

These functions run in worker processes. Each ends with one atomic write, and gives back only counts.
"""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flows.plan import DocumentBatch, FileSlice
from flows.reading.limits import Limits
from flows.records import Annotation, Article, Document, Reason, Rejection, Text, digest
from warehouse.parquet import Cut, read_texts, write_batch

TEXTS_PER_BATCH = 200
GARBAGE_THRESHOLD = 200_000  # objects; what is found in a text lives until its batch is written
SUPPORTED_LANGUAGE = "en"

Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class ParseBatch:
    """Documents to parse and where the outcome goes."""

    root: Path
    run_id: str
    parser_version: str
    documents: DocumentBatch
    limits: Limits

    def parts(self) -> tuple[ParseBatch, ...]:
        """See `DocumentBatch.parts`."""
        return tuple(replace(self, documents=part) for part in self.documents.parts())

    def __str__(self) -> str:
        return str(self.documents)


@dataclass(frozen=True, slots=True)
class AnnotateBatch:
    """Texts to annotate: rows of one articles file, what is cut from some, and where the outcome goes."""

    root: Path
    batch_id: str
    annotator_version: str
    articles_path: Path
    rows: tuple[int, ...]
    cuts: Mapping[int, Cut]
    is_given_up: bool = False

    def parts(self) -> tuple[AnnotateBatch, ...]:
        """Two batches that make up this one; one text alone is recorded as not annotated."""
        half = len(self.rows) // 2
        if not half:
            return (replace(self, batch_id=f"{self.batch_id}x", is_given_up=True),)
        return (
            replace(self, batch_id=f"{self.batch_id}a", rows=self.rows[:half]),
            replace(self, batch_id=f"{self.batch_id}b", rows=self.rows[half:]),
        )

    def __str__(self) -> str:
        return f"batch {self.batch_id} ({len(self.rows)} texts)"


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """What one batch came to."""

    files: int = 0
    articles: int = 0
    rejections: int = 0
    texts: int = 0

    def __add__(self, other: BatchCounts) -> BatchCounts:
        return BatchCounts(
            self.files + other.files,
            self.articles + other.articles,
            self.rejections + other.rejections,
            self.texts + other.texts,
        )


def article_id(article: Article, file_key: str) -> str:
    """An article is its URL, else the id its sender gave, within one format, else its path and record number.

    What one id had under several addresses is brought together in `sql/staging/article_versions.sql`.
    """
    if article.url:
        return digest("url", article.url)
    if article.item.item_key:
        return digest("item", article.format_code, article.item.item_key)
    return digest("record", file_key, str(article.record_number))


def parse_batch(batch: ParseBatch) -> BatchCounts:
    """Parse every document of the batch and write articles, rejections and the files' account."""
    from flows.parsing.edge_lines import edge_lines

    now = datetime.now(UTC)
    articles: Columns = defaultdict(list)
    rejections: Columns = defaultdict(list)
    files: Columns = defaultdict(list)
    edges: Columns = defaultdict(list)
    where = {"batch_id": batch.documents.batch_id, "run_id": batch.run_id}
    for part in batch.documents.slices:
        key = part.new_file.file.file_key
        counts = [0, 0]
        for item in part.items:
            outcome = item if isinstance(item, Rejection) else _parsed(item, now.date(), batch.limits)
            counts[isinstance(outcome, Rejection)] += 1
            if isinstance(outcome, Rejection):
                _append(rejections, where, file_key=key, rejected_at=now, **_rejection_row(outcome))
            else:
                _append(articles, where, file_key=key, **_article_row(outcome, key))
                for line in edge_lines(outcome.text):
                    record = outcome.record_number
                    _append(edges, where, file_key=key, record_number=record, **line._asdict())
        _append(files, where, **_file_row(part, batch.parser_version, *counts))
    write_batch(
        batch.root,
        "parsed",
        batch.documents.batch_id,
        {"articles": articles, "rejections": rejections, "files": files, "edge_lines": edges},
    )
    return BatchCounts(
        files=sum(files["is_last"]),
        articles=len(articles["article_id"]),
        rejections=len(rejections["reason_code"]),
    )


def _parsed(document: Document, today: date, limits: Limits) -> Article | Rejection:
    from flows.parsing import parse_document

    try:
        return parse_document(document, today, limits)
    except Exception as error:  # noqa: BLE001 - whatever a hostile page breaks, the run goes on
        detail = f"{type(error).__name__}: {error}"[:300]
        return Rejection(document.file_path, document.record_number, Reason.PARSER_FAILED, detail)


def annotate_batch(batch: AnnotateBatch) -> BatchCounts:
    """Annotate every text of the batch and write what was found."""
    from flows.grouping.hashes import hash_texts

    texts = [Text(*row) for row in read_texts(batch.articles_path, batch.rows, batch.cuts)]
    found: dict[str, list[Any]] = {"mentions": [], "topics": [], "key_phrases": [], "citations": []}
    text_hashes: dict[str, list[str]] = {name: [] for name in found}
    supported = [t for t in texts if is_supported(t) and not batch.is_given_up]
    token_counts: dict[str, int] = {}
    entities = batch.annotator_version.partition("-")[0]
    for annotation, token_count in annotate_surviving(supported, entities):
        token_counts[annotation.text_hash] = token_count
        for name, rows in found.items():
            rows_of_text = getattr(annotation, name)
            rows += rows_of_text
            text_hashes[name] += [annotation.text_hash] * len(rows_of_text)
    tables = {name: _columns(rows) | {"text_hash": text_hashes[name]} for name, rows in found.items()}
    tables["texts"] = defaultdict(list)
    for text, hashes in zip(texts, hash_texts([(t.title, t.text) for t in texts]), strict=True):
        _append(
            tables["texts"],
            {"batch_id": batch.batch_id, "text_hash": text.text_hash, "language_code": text.language_code},
            is_annotated=text.text_hash in token_counts,
            token_count=token_counts.get(text.text_hash),
            **hashes._asdict(),
        )
    write_batch(batch.root, f"annotated/{batch.annotator_version}", batch.batch_id, tables)
    return BatchCounts(texts=len(texts))


def is_supported(text: Text) -> bool:
    """Whether the annotator speaks the text's language; a text too short to tell is taken as is."""
    return text.language_code in (None, SUPPORTED_LANGUAGE)


def annotate(texts: Sequence[Text], entities: str = "md") -> Iterator[tuple[Annotation, int]]:
    """Every text's annotation and number of tokens, in order; `entities` names the engine.

    One pass of the entity engine gives the tokens that topics, key phrases and citations share.
    """
    mentions_of, topics, key_phrases, citations = _annotators(entities)
    hashes = iter(text.text_hash for text in texts)
    for read in mentions_of.annotate(texts):
        for text, *found in zip(
            read.texts,
            topics.annotate_batch(read),
            key_phrases.annotate_batch(read),
            citations.annotate_batch(read),
            strict=True,
        ):
            token_count = len(text.title.words) + len(text.text.words)
            yield Annotation(next(hashes), text.mentions, *found), token_count


def annotate_surviving(texts: Sequence[Text], entities: str = "md") -> list[tuple[Annotation, int]]:
    """`annotate`, without the texts that break the annotator; each of those is a warning on stderr."""
    try:
        return list(annotate(texts, entities))
    except Exception as error:  # noqa: BLE001 - whatever a hostile text breaks, the run goes on
        if len(texts) == 1:
            print(f"warning: text {texts[0].text_hash} was not annotated: {error!r}", file=sys.stderr)
            return []
    half = len(texts) // 2
    return annotate_surviving(texts[:half], entities) + annotate_surviving(texts[half:], entities)


def load_annotators(entities: str = "md") -> None:
    """Load the models and word lists that `annotate` needs; once per process, some seconds."""
    _annotators(entities)


@lru_cache(maxsize=1)
def _annotators(entities: str) -> tuple[Any, Any, Any, Any]:
    from flows.annotating.citations import CitationAnnotator
    from flows.annotating.engines import engine_named
    from flows.annotating.entities import EntityAnnotator
    from flows.annotating.key_phrases import KeyPhraseAnnotator
    from flows.annotating.topics import TopicAnnotator

    engine = engine_named(entities)
    annotators = (
        EntityAnnotator(engine),
        TopicAnnotator(engine.vectors),
        KeyPhraseAnnotator(),
        CitationAnnotator(),
    )
    gc.freeze()  # models and word lists stay: no search for garbage has to go through them
    gc.set_threshold(GARBAGE_THRESHOLD)
    return annotators


def _append(columns: Columns, shared: dict[str, Any], **row: Any) -> None:
    for name, value in (shared | row).items():
        columns[name].append(value)


def _columns(rows: Sequence[Any]) -> Columns:
    """Rows, NamedTuples of one kind, as columns."""
    return dict(zip(rows[0]._fields, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}


def _article_row(article: Article, file_key: str) -> dict[str, Any]:
    return {
        "article_id": article_id(article, file_key),
        "file_path": article.file_path,
        "record_number": article.record_number,
        "format_code": article.format_code,
        "title": article.title,
        "text": article.text,
        "text_hash": article.text_hash,
        "published_on": article.published_on,
        "published_basis": article.published_basis,
        "language_code": article.language_code,
        "authors": list(article.authors),
        "url": article.url,
        "outlet_name": article.outlet_name,
        "outlet_domain": article.outlet_domain,
        "agency_id": article.agency_id,
        "agency_name": article.agency_name,
        "dateline_place": article.dateline_place,
        "word_count": article.word_count,
        "headline_flags": list(article.headline_flags),
        "is_correction": article.is_correction,
        "is_summary": article.item.is_summary,
        "item_id": article.item.item_id,
        "item_key": article.item.item_key,
        "version_number": article.item.version_number,
        "updated_at": article.item.updated_at,
        "crawled_at": article.item.crawled_at,
        "slugline": article.item.slugline,
        "urgency": article.item.urgency,
        "feed_topic_ids": list(article.item.topic_ids),
    }


def _rejection_row(rejection: Rejection) -> dict[str, Any]:
    return {
        "file_path": rejection.file_path,
        "record_number": rejection.record_number,
        "reason_code": rejection.reason.value,
        "detail": rejection.detail,
        "url": rejection.url,
        "item_id": rejection.item.item_id,
        "item_key": rejection.item.item_key,
        "version_number": rejection.item.version_number,
        "updated_at": rejection.item.updated_at,
    }


def _file_row(part: FileSlice, parser_version: str, articles: int, rejections: int) -> dict[str, Any]:
    file = part.new_file.file
    return {
        "file_path": file.file_path,
        "file_key": file.file_key,
        "file_hash": part.new_file.file_hash,
        "file_size": file.size,
        "modified_ns": file.modified_ns,
        "parser_version": parser_version,
        "first_record": part.first_record,
        "last_record": part.last_record,
        "is_last": part.is_last,
        "article_count": articles,
        "rejection_count": rejections,
    }
