"""Measure what grouping costs at scale: `python -m benchmarks.grouping INPUT... [--articles 100000]`.

The articles of INPUT are told again in made-up languages, word by word, until there are enough of them:
each language has the copies, templates and events of the first and shares none with it. One in twenty is
followed by a copy that is cut, edited or retitled. Times are of the processor, on one core, and take in
reading and writing what is kept between runs.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

from flows.grouping import group
from flows.grouping.shingles import shingle_hashes
from flows.grouping.stories import story_terms
from flows.parsing import parse_document
from flows.pipeline import Request, plan_run
from flows.plan import document_batches
from flows.records import Article, Document, digest
from warehouse.load import GroupingInput, Groups, Hashes
from warehouse.parquet import read_groups, write_groups

ADDED = 1000
COPIED = 0.05
LONG_WORD = re.compile(r"[A-Za-z]{4,}")


class Told(NamedTuple):
    """One text as grouping sees it."""

    text_hash: str
    title: str
    published_on: date | None
    shingles: Hashes
    story_terms: Hashes


def main() -> None:
    """Group the articles, add some, and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--articles", type=int, default=100_000)
    options = parser.parse_args()
    texts = _texts(options.inputs, options.articles + ADDED)
    print("| grouping, copies and stories | processor s | of all |\n| --- | ---: | ---: |")
    by_day = sorted(texts, key=lambda told: (told.published_on or date.max, told.text_hash))
    for name, order in (("the last days", by_day), ("any days", random.Random(1).sample(texts, len(texts)))):
        with tempfile.TemporaryDirectory() as folder:
            all_but_some, _ = _grouped(order[:-ADDED], Path(folder))
            some, groups = _grouped(order, Path(folder))
        print(f"| {len(texts) - ADDED:,} articles, nothing known | {all_but_some:.1f} | |")
        print(f"| {ADDED:,} more, of {name} | {some:.1f} | {some / all_but_some:.1%} |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        _, anew = _grouped(order, Path(folder))
    if (groups.text_groups, groups.story_groups) != (anew.text_groups, anew.story_groups):
        raise SystemExit("grouping: what was known changed the groups")
    print(f"| peak memory, MB | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} | |")


def _grouped(texts: Sequence[Told], root: Path) -> tuple[float, Groups]:
    """Seconds that grouping takes with what `root` keeps of the last time, and the groups."""
    columns = [list(column) for column in zip(*sorted(texts, key=lambda told: told.text_hash), strict=True)]
    began = time.process_time()
    text_hash, title, published_on, shingles, terms = columns
    known = read_groups(root, "bench")
    groups = group(GroupingInput(text_hash, title, published_on, shingles, terms, known, {}))
    write_groups(root, "bench", f"run{len(texts)}", groups.state)
    return time.process_time() - began, groups


def _texts(inputs: Sequence[str], wanted: int) -> list[Told]:
    rng = random.Random(7)
    texts: dict[str, Told] = {}
    for article in _retold(inputs):
        versions = [article, _copy(rng, *article)] if rng.random() < COPIED else [article]
        for title, text, day in versions:
            key = digest(title, text)
            texts[key] = Told(key, title, day, shingle_hashes(title, text), story_terms(title, text))
        if len(texts) >= wanted:
            break
    return list(texts.values())[:wanted]


def _retold(inputs: Sequence[str]) -> Iterator[tuple[str, str, date | None]]:
    """Title, text and day of each article, in one language after the other."""
    with tempfile.TemporaryDirectory() as folder:
        plan = plan_run(Request(tuple(inputs), Path(folder)))
    outcomes = (
        parse_document(item, plan.started_at.date())
        for batch in document_batches(plan.run_id, plan.new_files, plan.fields)
        for part in batch.slices
        for item in part.items
        if isinstance(item, Document)
    )
    articles = [
        (article.title or "", article.text, article.published_on)
        for article in outcomes
        if isinstance(article, Article)
    ]
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


if __name__ == "__main__":
    main()
