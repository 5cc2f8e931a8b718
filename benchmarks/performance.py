"""Measure speed and memory and rewrite docs/performance.md: `make bench [INPUT=folder]`.

Speeds are ratios against a named peer in the same run on the same core, since machines differ and this
one may be busy: the pairs run in turn, and the median counts. Memory is the sum of the resident sizes of
all processes of a run, sampled every 0.2 s.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from flows.pipeline import Request, here, plan_run, run_pipeline
from flows.records import Text
from warehouse.query import query

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "performance.md"
PAIRS = 3

HEAD = """# Performance

`make bench` rewrites this page; `make bench INPUT=folder` measures on your files. Ratios are medians of
{pairs} pairs, each pair in one run on one core. Measured on {articles:,} articles from {source}.

| what | Newsmill | peer | ratio |
| --- | ---: | ---: | ---: |
"""


def main() -> None:
    """Measure everything and write the page."""
    inputs = sys.argv[1:] or [str(PROJECT / "seeds" / "articles")]
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(folder) / "warehouse"
        request = Request(tuple(inputs), warehouse)
        run_pipeline(request, plan_run(request), here)  # warms every cache that a machine keeps
        texts = _sample(warehouse)
        rows = [_entities(texts), _annotation(texts), *_topics_and_citations(texts), _pages(inputs)]
        whole, articles = _whole_run(inputs, Path(folder) / "second")
        rows += [whole, *_unchanged_and_one_more(Path(folder) / "second", inputs, Path(folder))]
    source = "the sample articles" if not sys.argv[1:] else "files given"
    PAGE.write_text(HEAD.format(pairs=PAIRS, articles=articles, source=source) + "".join(rows))
    print(PAGE.read_text())


def _sample(warehouse: Path, limit: int = 2000) -> list[Text]:
    """The first English texts, each once."""
    _, rows = query(
        warehouse / "news.duckdb",
        f"""select text_group_id, title, text, language_code from marts.articles
        where is_original and language_code = 'en' order by article_id limit {limit}""",
    )
    return [Text(text_hash, title or "", text, language) for text_hash, title, text, language in rows]


def _paired(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float, float]:
    """Median seconds of ours, of the peer, and the median of peer / ours."""
    times = []
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})  # one core for both, whatever their libraries would take
    for _ in range(PAIRS):
        began = time.perf_counter()
        ours()
        middle = time.perf_counter()
        peer()
        times.append((middle - began, time.perf_counter() - middle))
    os.sched_setaffinity(0, cores)
    return (
        statistics.median(t[0] for t in times),
        statistics.median(t[1] for t in times),
        statistics.median(t[1] / t[0] for t in times),
    )


def _stock_spacy() -> Callable[[Sequence[Text]], int]:
    """spaCy md as its documentation shows it, with only the entity recognizer."""
    import spacy

    from flows.annotating.engine import model_folder

    nlp = spacy.load(model_folder(), exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"])
    return lambda texts: sum(len(doc) for doc in nlp.pipe(f"{t.title}\n\n{t.text}" for t in texts))


def _entities(texts: Sequence[Text]) -> str:
    from flows.annotating.batch_engine import default_engine

    stock, engine = _stock_spacy(), default_engine()
    tokens = stock(texts[:50])
    tokens = sum(len(title.words) + len(text.words) for title, text, _ in engine.recognize(texts))
    ours, peer, ratio = _paired(lambda: list(engine.recognize(texts)), lambda: stock(texts))
    return (
        f"| entity engine, tokens/s/core; peer: stock spaCy md `nlp.pipe`, ner only | {tokens / ours:,.0f} "
        f"| {tokens / peer:,.0f} | {ratio:.2f} |\n"
    )


def _annotation(texts: Sequence[Text]) -> str:
    from flows.batches import annotate

    stock = _stock_spacy()
    ours, peer, ratio = _paired(lambda: list(annotate(texts)), lambda: stock(texts))
    return (
        "| whole annotator (entities, topics, key phrases, citations), articles/s/core; peer: the same | "
        f"{len(texts) / ours:,.0f} | {len(texts) / peer:,.0f} | {ratio:.2f} |\n"
    )


def _topics_and_citations(texts: Sequence[Text]) -> list[str]:
    """What topics and cited sources cost by themselves, on tokens and mentions that are there already."""
    from flows.annotating.batch_engine import default_engine
    from flows.annotating.citations import CitationAnnotator
    from flows.annotating.entities import EntityAnnotator
    from flows.annotating.topics import TopicAnnotator

    engine = default_engine()
    recognized = list(EntityAnnotator(engine).annotate(texts))
    topics, citations = TopicAnnotator(engine.vectors), CitationAnnotator()
    bodies = [(text, [m for m in mentions if m.field == "text"]) for _, text, mentions in recognized]
    topics.annotate_batch(recognized)  # its tables of words and vectors are made once per process

    def cite() -> None:
        for text, mentions in bodies:
            citations.annotate(text, mentions)

    topic_seconds, citation_seconds, _ = _paired(lambda: topics.annotate_batch(recognized), cite)
    words = sum(len(text.text.split()) for text, _ in bodies)
    return [
        f"| topics alone, articles/s/core | {len(texts) / topic_seconds:,.0f} | | |\n",
        f"| citations alone, words/s/core | {words / citation_seconds:,.0f} | | |\n",
    ]


def _pages(inputs: Sequence[str], limit: int = 200) -> str:
    """The HTML stage, from bytes to an article, beside the text alone as trafilatura's defaults give it."""
    from trafilatura import bare_extraction

    from flows.parsing import parse_document
    from flows.records import Document

    names = [
        name for i in inputs for name in ([Path(i)] if Path(i).is_file() else sorted(Path(i).rglob("*")))
    ]
    pages = [name.read_bytes() for name in names if name.suffix in (".html", ".htm")][:limit]
    pages *= -(-50 // len(pages)) if pages else 0  # the sample articles are few and small
    if not pages:
        return ""
    today = date.today()

    def ours() -> None:
        for page in pages:
            parse_document(Document("page.html", 1, "html", {"html": page}), today)

    def peer() -> None:
        for page in pages:
            with contextlib.suppress(ValueError):  # a page without a tree
                bare_extraction(page, include_comments=False)

    ours()
    peer()
    took, alone, ratio = _paired(ours, peer)
    return (
        "| HTML page to article (text, title, date, authors, language), pages/s/core; peer: trafilatura's "
        f"text alone | {len(pages) / took:,.1f} | {len(pages) / alone:,.1f} | {ratio:.2f} |\n"
    )


def _whole_run(inputs: Sequence[str], warehouse: Path) -> tuple[str, int]:
    seconds, memory = run_command(["run", *inputs, "--warehouse", str(warehouse)])
    articles = query(warehouse / "news.duckdb", "select count(*) from marts.articles")[1][0][0]
    return (
        f"| `newsmill run`, files to published warehouse, {len(os.sched_getaffinity(0))} processes, "
        f"articles/s | {articles / seconds:,.1f} | | |\n| its wall time, s | {seconds:.0f} | | |\n"
        f"| its peak memory, all processes, MB | {memory:,.0f} | | |\n"
    ), articles


def _unchanged_and_one_more(warehouse: Path, inputs: Sequence[str], folder: Path) -> list[str]:
    unchanged, _ = run_command(["run", *inputs, "--warehouse", str(warehouse)])
    one = folder / "one.txt"
    one.write_text("Bridge opens\n\nA bridge over the Danube opened on Monday, mayor Ana Pop said.\n")
    more, _ = run_command(["run", *inputs, str(one), "--warehouse", str(warehouse)])
    return [
        f"| the same run again, nothing new, s | {unchanged:.1f} | | |\n",
        f"| the run with one new file, s | {more:.1f} | | |\n",
    ]


def run_command(words: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of one `newsmill` command."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "flows", *words], stdout=subprocess.DEVNULL)
    peak = 0.0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.2):
            peak = max(peak, _resident_megabytes(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"newsmill {' '.join(words)} exited with {code}")
    return time.perf_counter() - began, peak


def _resident_megabytes(pid: int) -> float:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += [c for c in (task / "children").read_text().split() if c not in children]
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6 + sum(_resident_megabytes(int(c)) for c in children)


if __name__ == "__main__":
    main()
