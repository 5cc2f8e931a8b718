"""Hold the batch engine against spaCy itself: same tokens, same entities, and how much faster.

`python -m benchmarks.engine_identity FILE...` reads articles from files of any supported format, gives
every text to both engines, once more to the batch engine in another order, and counts what differs. The
first texts also go through spaCy as its documentation shows it, for the speed: set OMP_NUM_THREADS and
OPENBLAS_NUM_THREADS to 1 to compare one core with one core.
"""

from __future__ import annotations

import itertools
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from flows.annotating.batch_engine import BatchEngine
from flows.annotating.engine import UNUSED_PIPES, Recognition, SpacyEngine, model_folder
from flows.reading import find_files, read_documents
from flows.records import Document, Text, digest

TEXTS_TOGETHER = 400
STOCK_TEXTS = 400
SHOWN = 20


def main() -> None:
    """Compare, and print the first differences and, at the end or when interrupted, the sums."""
    counts: Counter[str] = Counter()
    seconds: dict[str, float] = defaultdict(float)
    try:
        _compare_all(sys.argv[1:], counts, seconds)
    except KeyboardInterrupt:
        print("interrupted; so far:")
    tokens = counts["tokens"]
    print(*(f"{name}: {count:,}" for name, count in counts.items()), sep="\n")
    for name, taken in seconds.items():
        amount = counts["tokens of stock"] if name == "spaCy, stock" else tokens
        print(f"{name}: {amount / taken:,.0f} tokens/s")
    print(f"peak memory, all engines: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _compare_all(inputs: Sequence[str], counts: Counter[str], seconds: dict[str, float]) -> None:
    import spacy

    stock = spacy.load(model_folder(), exclude=list(UNUSED_PIPES))
    engine, peer = BatchEngine(), SpacyEngine()
    shuffled = random.Random(1)
    for texts in itertools.batched(_texts(inputs), TEXTS_TOGETHER):
        ours = _timed("batch engine", seconds, partial(_recognized, engine, texts))
        theirs = _timed("spaCy, fast settings", seconds, partial(_recognized, peer, texts))
        order = shuffled.sample(range(len(texts)), len(texts))
        reordered = [texts[number] for number in order]
        again = _timed("batch engine, texts seen before", seconds, partial(_recognized, engine, reordered))
        counts["differing in another order"] += sum(
            again[place] != ours[number] for place, number in enumerate(order)
        )
        if counts["tokens of stock"] == 0:
            sample = texts[:STOCK_TEXTS]
            _timed("spaCy, stock", seconds, partial(list, stock.pipe(t.text for t in sample)))
            counts["tokens of stock"] = sum(len(r.text.words) for r in theirs[:STOCK_TEXTS])
        for text, found, wanted in zip(texts, ours, theirs, strict=True):
            _compare(text, found, wanted, counts)


def _recognized(engine: BatchEngine | SpacyEngine, texts: Sequence[Text]) -> list[Recognition]:
    return list(engine.recognize(texts))


def _texts(inputs: Sequence[str]) -> Iterator[Text]:
    for file in find_files(inputs):
        for item in read_documents(file):
            if isinstance(item, Document):
                text, title = (item.fields.get(name) or "" for name in ("text", "title"))
                if isinstance(text, str) and isinstance(title, str):
                    yield Text(digest(title, text), title, text, None)


def _timed[R](name: str, seconds: dict[str, float], function: Callable[[], R]) -> R:
    began = time.perf_counter()
    result = function()
    seconds[name] += time.perf_counter() - began
    return result


def _compare(text: Text, found: Recognition, wanted: Recognition, counts: Counter[str]) -> None:
    counts["texts"] += 1
    counts["tokens"] += len(wanted.title.words) + len(wanted.text.words)
    counts["entities"] += len(wanted.spans)
    counts["texts with other tokens"] += (found.title, found.text) != (wanted.title, wanted.text)
    different = set(found.spans) ^ set(wanted.spans)
    counts["entities in one only"] += len(different)
    if different and counts["shown"] < SHOWN:
        counts["shown"] += 1
        print(
            text.text_hash,
            sorted(set(found.spans) - set(wanted.spans)),
            sorted(set(wanted.spans) - set(found.spans)),
        )
    elif found.spans != wanted.spans:
        counts["texts with entities in another order"] += 1


if __name__ == "__main__":
    main()
