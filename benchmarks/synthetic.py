"""Parquet of made-up articles, written as the flow writes it: for measuring what loads and builds.

Names follow Zipf and Mandelbrot's law, so that new ones keep coming as articles do; a tenth of the articles
are copies; days, outlets and topics are those of a year of news. The same numbers give the same articles.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from warehouse.load import GroupingInput, Groups
from warehouse.parquet import RunRow, batch_id_of, columns_of, write_batch

PROJECT: Final = Path(__file__).resolve().parents[1]
RUN: Final = RunRow(
    "20260101T000000Z-made", datetime(2026, 1, 1, tzinfo=UTC), None, "started", 0, 0, 0, 0, "made", "made"
)
BATCH: Final = 10_000
FIRST_DAY: Final = date(2025, 1, 1)
DAYS: Final = 365
OUTLETS: Final = 500
MENTIONS: Final = 20  # of one article, on average
COPY_SHARE: Final = 0.1
TOP_TOPICS: Final = 17  # one of them is the primary topic

_SYLLABLES: Final = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
)
_WORDS: Final = (
    "prices",
    "rose",
    "after",
    "talks",
    "on",
    "water",
    "and",
    "roads",
    "while",
    "the",
    "council",
    "met",
)


def write_articles(root: Path, first: int, last: int, days: tuple[int, int] = (0, DAYS)) -> None:
    """Commit articles `first` to `last` - 1 (whole batches of 10,000, the last may be shorter).

    Each has a day within `days`, counted from the start of 2025.
    """
    names, topics = _Names(), _topics()
    for start in range(first, last, BATCH):
        _write_batch(root, start, min(start + BATCH, last), days, names, topics)


def each_its_own(given: GroupingInput) -> Groups:
    """No two texts are copies and no two tell one story: what loading costs without grouping."""
    return Groups({"text_hash": given.text_hashes, "text_group_id": given.text_hashes}, {}, {}, {})


def _write_batch(
    root: Path, start: int, stop: int, days: tuple[int, int], names: _Names, topics: Sequence[str]
) -> None:
    random = np.random.default_rng([start, stop, *days])
    parsed: dict[str, dict[str, list[Any]]] = {
        t: defaultdict(list) for t in ("articles", "edge_lines", "files")
    }
    annotated: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    length = stop - start
    outlets = (OUTLETS * random.random(length) ** 2).astype(int).tolist()
    on = random.integers(*days, length).tolist()
    is_copy = (random.random(length) < COPY_SHARE).tolist()
    counts = random.poisson(MENTIONS, length).tolist()
    text_hash, title, text = "", "", ""
    for i in range(length):
        number = start + i
        if not (is_copy[i] and text_hash):
            ranks = _ranks(random, counts[i] + 1)
            text_hash = f"{number:032x}"
            title, text = _text(text_hash, ranks, names, annotated)
            _annotate(text_hash, random, topics, annotated)
        _parse(
            parsed, start, number, text_hash, title, text, FIRST_DAY + timedelta(on[i]), outlets[i], random
        )
    _append(
        parsed["files"],
        file_path=f"made/{start}.jsonl", file_key=f"/made/{start}.jsonl", file_hash=f"{start:x}", file_size=1,
        modified_ns=start, parser_version="made", first_record=1, last_record=length, is_last=True,
        article_count=length, rejection_count=0,
    )  # fmt: skip
    batch_id = batch_id_of(RUN.run_id, start)
    write_batch(root, "parsed", batch_id, parsed)
    kind = f"annotated/{RUN.annotator_version}"
    write_batch(
        root, kind, batch_id, {table: columns_of(kind, table, rows) for table, rows in annotated.items()}
    )


def _parse(
    parsed: Mapping[str, dict[str, list[Any]]],
    start: int,
    number: int,
    text_hash: str,
    title: str,
    text: str,
    published_on: date,
    outlet: int,
    random: np.random.Generator,
) -> None:
    file_path = f"made/{start}.jsonl"
    where: dict[str, Any] = {"file_key": f"/{file_path}", "record_number": number - start + 1}
    _append(
        parsed["articles"],
        **where, article_id=f"{number:032x}", file_path=file_path, format_code="jsonl",
        title=title, text=text, text_hash=text_hash, published_on=published_on, published_basis="metadata",
        language_code="en", authors=[], url=f"https://outlet{outlet}.example/{number}",
        outlet_name=f"Outlet {outlet}", outlet_domain=f"outlet{outlet}.example", agency_id=None,
        agency_name=None, dateline_place=None, word_count=len(text.split()), headline_flags=[],
        is_correction=False, is_summary=False, item_id=None, item_key=None, version_number=None,
        updated_at=None, crawled_at=None, slugline=None, urgency=None, feed_topic_ids=[],
    )  # fmt: skip
    for place in (1, 2, -2, -1):
        line = int(random.integers(1 << 63))
        _append(
            parsed["edge_lines"], **where, place=place, line_hash=line, needed_share=0.1, telling_word=title
        )


def _text(
    text_hash: str, ranks: Sequence[int], names: _Names, annotated: Mapping[str, list[tuple[Any, ...]]]
) -> tuple[str, str]:
    """Title and text with the names of these ranks; puts the mentions where they stand."""
    parts, length = [], 0
    title = f"{names.name(ranks[0])[0]} in the news"
    for place, rank in enumerate(ranks):
        name, entity_type = names.name(rank)
        field, begin = ("text", length) if place else ("title", 0)
        annotated["mentions"].append(
            (text_hash, field, begin, begin + len(name), name, name, entity_type, "model", None, False)
        )
        if place == 1 and entity_type == "person":
            end = len(name)
            annotated["citations"].append(
                (text_hash, name, 0, end, "said", end + 1, end + 5, "that", end + 6, end + 10, "indirect",
                 "person", name, "person", None, False, False, False)
            )  # fmt: skip
        if place:
            parts.append(f"{name} said that {' '.join(_WORDS[: 2 + rank % 10])}. ")
            length += len(parts[-1])
    return title, "".join(parts)


def _annotate(
    text_hash: str,
    random: np.random.Generator,
    topics: Sequence[str],
    annotated: Mapping[str, list[tuple[Any, ...]]],
) -> None:
    annotated["texts"].append((text_hash, "en", True, 200, [], [], []))
    drawn = (len(topics) * random.random(3) ** 4).astype(int)
    for place, topic in enumerate(dict.fromkeys([int(drawn[0]) % TOP_TOPICS, *drawn.tolist()])):
        annotated["topics"].append((text_hash, topics[topic], 0.5, place == 0))
    for phrase in set(random.integers(0, 100_000, 5).tolist()):
        annotated["key_phrases"].append((text_hash, f"phrase {phrase}", 0.5))


def _ranks(random: np.random.Generator, count: int) -> list[int]:
    """Ranks from 0, by Zipf and Mandelbrot: the first about 1% of all, half of them in one article only."""
    drawn = 20 * (random.random(count) ** -5.0 - 1)
    return np.minimum(drawn, 1e9).astype(np.int64).tolist()  # type: ignore[no-any-return]


class _Names:
    """The name and type of an entity by its rank: a third are real places, as long as there are any."""

    def __init__(self) -> None:
        with (PROJECT / "seeds" / "countries.csv").open(encoding="utf-8") as handle:
            self.places = [row["entity_name"] for row in csv.DictReader(handle)]
        with (PROJECT / "seeds" / "regions.csv").open(encoding="utf-8") as handle:
            self.places += [row["region_name"] for row in csv.DictReader(handle)]
        self.places = list(dict.fromkeys(self.places))

    def name(self, rank: int) -> tuple[str, str]:
        if rank % 3 == 0 and rank // 3 < len(self.places):
            return self.places[rank // 3], "place"
        word = ""
        left = rank + 16
        while left:
            left, place = divmod(left, 16)
            word += _SYLLABLES[place]
        if rank % 3 == 1:
            return f"Ana {word.title()}", "person"
        return f"{word.title()} Council", "organization"


def _topics() -> list[str]:
    with (PROJECT / "seeds" / "topics.csv").open(encoding="utf-8") as handle:
        rows = sorted(csv.DictReader(handle), key=lambda row: row["topic_level"])
    return [row["topic_id"] for row in rows]


def _append(columns: dict[str, list[Any]], **row: Any) -> None:
    for name, value in row.items():
        columns[name].append(value)
