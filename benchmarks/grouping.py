"""What grouping costs at scale: articles told again in made-up languages until there are enough of them.

Each language has the copies, templates and events of the first and shares none with it. One article in twenty
is followed by a copy that is cut, edited or retitled. Times are of the processor, on one core, and take in
reading and writing what is kept between runs, not loading the table of texts that grouping is given.
"""

from __future__ import annotations

import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from flows.grouping.collection import group
from flows.grouping.hashes import hash_texts
from flows.grouping.rows import Rows
from flows.grouping.words import Hashes
from flows.records import digest
from warehouse.columns import Lists
from warehouse.load import GroupingInput
from warehouse.parquet import read_groups, write_groups
from warehouse.query import query

TEXTS = 100_000
ADDED = 1000
TIMES = 3
COPIED = 0.05
NO_LISTS = Lists(np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.int64))
LONG_WORD = re.compile(r"[A-Za-z]{4,}")


class Cost(NamedTuple):
    """Seconds of the processor from nothing and, as medians, for ADDED more; peak resident megabytes."""

    whole: float
    last_days: float
    any_days: float
    megabytes: float


class Told(NamedTuple):
    """One text as grouping sees it."""

    text_hash: str
    title: str
    published_on: date | None
    shingles: Hashes
    facts: Hashes
    story_terms: Hashes


def grouping_cost(database: Path) -> Cost:
    """What grouping 100,000 texts costs, made of the articles of a warehouse, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measure, database).result()


def _measure(database: Path) -> Cost:
    texts = _texts(database, TEXTS + ADDED)
    by_day = sorted(texts, key=lambda told: (told.published_on or date.max, told.text_hash))
    shuffled = random.Random(1).sample(texts, len(texts))
    costs = []
    for order in (by_day, shuffled):
        with tempfile.TemporaryDirectory() as folder:
            known, new = Path(folder) / "known", [Path(folder) / f"new {i}" for i in range(TIMES)]
            whole, _ = _grouped(order[:-ADDED], known, known)
            more = [_grouped(order, known, other) for other in new]
        costs += [whole, statistics.median(seconds for seconds, _ in more)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    with tempfile.TemporaryDirectory() as folder:
        _, anew = _grouped(shuffled, Path(folder), Path(folder))
    if more[-1][1] != anew:
        raise SystemExit("grouping: what was known changed the groups")
    return Cost(costs[0], costs[1], costs[3], peak)


def _grouped(texts: Sequence[Told], known: Path, new: Path) -> tuple[float, str]:
    """Seconds that grouping takes with what `known` keeps of the last time, and a digest of the groups."""
    keys, titles, days, *hashes = zip(*sorted(texts, key=lambda told: told.text_hash), strict=True)
    shingles, facts, story_terms = (Lists(rows.values, rows.sizes) for rows in map(Rows.of, hashes))
    text_hashes, dates = np.array(keys, dtype=np.bytes_), np.array(days, dtype="datetime64[D]")
    del keys, days, hashes
    began = time.process_time()
    groups = group(
        GroupingInput(
            text_hashes, titles, dates, shingles, facts, story_terms,
            known=read_groups(known, "bench"), gone_hashes=text_hashes[:0], gone_shingles=NO_LISTS,
        )
    )  # fmt: skip
    write_groups(new, "bench", f"run{len(texts)}", groups.state)
    took = time.process_time() - began
    found = (groups.text_groups, groups.story_groups, groups.story_merges)
    return took, digest(repr([np.asarray(column).tolist() for part in found for column in part.values()]))


def _texts(database: Path, wanted: int) -> list[Told]:
    rng = random.Random(7)
    texts: dict[str, Told] = {}
    for article in _retold(database):
        versions = [article, _copy(rng, *article)] if rng.random() < COPIED else [article]
        hashed = hash_texts([(title, text) for title, text, _ in versions])
        for (title, text, day), hashes in zip(versions, hashed, strict=True):
            key = digest(title, text)
            texts[key] = Told(key, title, day, *hashes)
        if len(texts) >= wanted:
            break
    return list(texts.values())[:wanted]


def _retold(database: Path) -> Iterator[tuple[str, str, date | None]]:
    """Title, text and day of each article, in one language after the other."""
    _, articles = query(
        database, "select coalesce(title, ''), text, published_on from marts.articles order by article_id"
    )
    yield from articles
    for number in count(1):
        for title, text, day in articles:
            told = (LONG_WORD.sub(rf"\g<0>x{number}x", field) for field in (title, text))
            yield *told, day and day + timedelta(days=17 * number)


def _copy(rng: random.Random, title: str, text: str, day: date | None) -> tuple[str, str, date | None]:
    """The article cut, edited here and there, or under another title, up to three days later."""
    words = text.split(" ")
    change = rng.choice(["cut", "edited", "retitled"])
    if change == "cut":
        words = words[: max(20, int(len(words) * rng.uniform(0.4, 0.9)))]
    elif change == "edited":
        words = [word if rng.random() > 0.02 else "amended" for word in words]
    else:
        title = f"Another title, number {rng.randrange(10**6)}"
    return title, " ".join(words), day and day + timedelta(days=rng.randrange(4))
