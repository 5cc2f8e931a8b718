"""Measure speed and memory and rewrite docs/performance.md: `make bench [INPUT=folder]`.

    python -m benchmarks.performance [INPUT ...] [--only engine,annotator,...]

Rows that are measured replace theirs; the others keep what the last run found, in docs/performance.json.
`build20m`, `growth` and `groups` take long and are measured only when asked for.

Speeds are ratios against a named peer in the same run on the same core, since machines differ and this
one may be busy: the pairs run in turn, and the median counts. Memory is the sum of the resident sizes of
all processes of a run, sampled every 0.2 s. Two peers are measured only where they are installed: spaCy's
`en_core_web_sm` and `pip install textacy`.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from itertools import batched
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from flows.pipeline import Request, here, plan_run, run_pipeline
from flows.records import Text
from warehouse.load import GroupingInput, Groups
from warehouse.parquet import RunRow
from warehouse.query import query

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "performance.md"
FIGURES = PROJECT / "docs" / "performance.json"
PAIRS = 3
STOCK_SHARE = 5  # stock spaCy is timed on every fifth text: all of them would take most of the time
PARSE_SHARE = 20  # and what needs its parser on every twentieth

HEAD = """# Performance

`make bench` rewrites this page; `make bench INPUT=folder` measures on your files. Ratios are peer's time
over ours, medians of {pairs} pairs, each pair in one run on one core. Target says what is asked for.

| what | on | Newsmill | peer | ratio | target |
| --- | --- | ---: | ---: | ---: | ---: |
"""


class Row(NamedTuple):
    """One line of the page; figures are text as shown, empty where there is none."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    target: str = ""


class Given(NamedTuple):
    """What is measured on: files, a warehouse of them, its English texts, and a folder for what is made."""

    inputs: tuple[str, ...]
    warehouse: Path
    texts: Sequence[Text]
    folder: Path


def main() -> None:
    """Measure what is asked for, or all that is short, and write the page."""
    parser = argparse.ArgumentParser(prog="benchmarks.performance", description="Measure speed and memory.")
    parser.add_argument("inputs", nargs="*", default=[str(PROJECT / "seeds" / "articles")])
    parser.add_argument("--only", help=f"names, parted by commas, of {', '.join(BENCHMARKS)}")
    parser.add_argument("--texts", type=int, default=2000, help="measure on so many English texts of them")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else [name for name in BENCHMARKS if name not in LONG]
    if unknown := set(names) - BENCHMARKS.keys():
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    figures: dict[str, Any] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "warm"
        texts = _sample(options.inputs, warm, options.texts) if set(names) - MADE else []
        for name in names:
            own = Path(folder) / name
            own.mkdir()
            rows = BENCHMARKS[name](Given(tuple(options.inputs), warm, texts, own))
            source = "made-up articles" if name in MADE else f"{len(texts):,} texts"
            figures[name] = {"on": source, "rows": rows}
            FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
            shutil.rmtree(own)
    lines = [
        f"| {what} | {figures[name]['on']} | {ours} | {peer} | {ratio} | {target} |\n"
        for name in BENCHMARKS
        if name in figures
        for what, ours, peer, ratio, target in figures[name]["rows"]
    ]
    PAGE.write_text(HEAD.format(pairs=PAIRS) + "".join(lines))
    print(PAGE.read_text())


def _sample(inputs: Sequence[str], warehouse: Path, limit: int) -> list[Text]:
    """The first English texts, each once; warms every cache that a machine keeps."""
    request = Request(tuple(inputs), warehouse)
    run_pipeline(request, plan_run(request), here)
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


_EXCLUDED = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"]


def _stock_spacy() -> Callable[[Sequence[Text]], int]:
    """spaCy md as its documentation shows it, with only the entity recognizer; returns the tokens."""
    import spacy

    from flows.annotating.engine import model_folder

    nlp = spacy.load(model_folder(), exclude=_EXCLUDED)
    return lambda texts: sum(len(doc) for doc in nlp.pipe(f"{t.title}\n\n{t.text}" for t in texts))


def _small_spacy() -> Callable[[Sequence[Text]], int] | None:
    """spaCy sm, whose recognizer needs its tok2vec; None when it is not installed."""
    import spacy

    if not spacy.util.is_package("en_core_web_sm"):
        return None
    nlp = spacy.load("en_core_web_sm", exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    return lambda texts: sum(len(doc) for doc in nlp.pipe(f"{t.title}\n\n{t.text}" for t in texts))


def _tuned_spacy() -> Callable[[Sequence[Text]], int]:
    """spaCy md with larger batches, in memory zones of 1,000 texts."""
    import spacy

    from flows.annotating.engine import model_folder

    nlp = spacy.load(model_folder(), exclude=_EXCLUDED)

    def tokens(texts: Sequence[Text]) -> int:
        count = 0
        for first in range(0, len(texts), 1000):
            with nlp.memory_zone():
                chunk = (f"{t.title}\n\n{t.text}" for t in texts[first : first + 1000])
                count += sum(len(doc) for doc in nlp.pipe(chunk, batch_size=256))
        return count

    return tokens


def _textacy() -> Callable[[Sequence[Text]], None] | None:
    """textacy's quotations from text, with what it needs of spaCy md; None when it is not installed."""
    if not importlib.util.find_spec("textacy"):
        return None
    import spacy
    from textacy.extract import direct_quotations

    from flows.annotating.engine import model_folder

    nlp = spacy.load(model_folder(), exclude=["ner"])

    def quotations(texts: Sequence[Text]) -> None:
        for doc in nlp.pipe(t.text for t in texts):
            with contextlib.suppress(ValueError):  # it gives up a text with an unclosed quotation
                list(direct_quotations(doc))

    return quotations


def _engine(given: Given) -> list[Row]:
    from flows.annotating.batch_engine import default_engine

    engine = default_engine()
    tokens = sum(len(title.words) + len(text.words) for title, text, _ in engine.recognize(given.texts))
    rows = []
    for name, peer, target in (
        ("stock spaCy md `nlp.pipe`, ner only", _stock_spacy(), ">= 6"),
        ("stock spaCy sm, ner only", _small_spacy(), ""),
        ("tuned spaCy md (batch_size 256, memory zones), ner only", _tuned_spacy(), ""),
    ):
        what = f"entity engine, tokens/s/core; peer: {name}"
        if peer is None:
            rows.append(Row(what, "", "not installed"))
            continue
        peer(given.texts[:50])
        row = _row(what, tokens, lambda: list(engine.recognize(given.texts)), partial(peer, given.texts))
        rows.append(row._replace(target=target))
    return rows


def _annotator(given: Given) -> list[Row]:
    from flows.batches import annotate

    stock = _stock_spacy()
    what = "whole annotator (entities, topics, key phrases, citations), articles/s/core; peer: stock spaCy md"
    return [_row(what, len(given.texts), lambda: list(annotate(given.texts)), lambda: stock(given.texts))]


def _parts(given: Given) -> list[Row]:
    """What topics and cited sources cost on tokens and mentions that are there, and sources from text."""
    from flows.annotating.batch_engine import default_engine
    from flows.annotating.citations import CitationAnnotator
    from flows.annotating.entities import EntityAnnotator
    from flows.annotating.topics import TopicAnnotator

    engine = default_engine()
    entities = EntityAnnotator(engine)
    recognized = list(entities.annotate(given.texts))
    topics, citations = TopicAnnotator(engine.vectors), CitationAnnotator()
    topics_of = partial(map, topics.annotate_batch, recognized)
    list(topics_of())  # its tables of words and vectors are made once per process

    topic_seconds, citation_seconds, _ = _paired(
        lambda: list(topics_of()), lambda: list(map(citations.annotate_batch, recognized))
    )
    some = given.texts[::PARSE_SHARE]
    words, few_words = (sum(len(text.text.split()) for text in texts) for texts in (given.texts, some))
    peer = _textacy()
    what = "citations from text, entities included, words/s/core; peer: textacy's direct quotations, spaCy md"
    return [
        Row("topics alone, articles/s/core", f"{len(given.texts) / topic_seconds:,.0f}"),
        Row("citations alone, words/s/core", f"{words / citation_seconds:,.0f}"),
        _row(
            what,
            few_words,
            lambda: list(map(citations.annotate_batch, entities.annotate(some))),
            partial(peer, some),
        )
        if peer
        else Row(what, "", "not installed"),
    ]


def _row(what: str, count: int, ours: Callable[[], object], peer: Callable[[], object]) -> Row:
    took, alone, ratio = _paired(ours, peer)
    return Row(what, _shown(count / took), _shown(count / alone), f"{ratio:.2f}")


def _shown(figure: float) -> str:
    """A figure with four digits or so: the last of more say nothing."""
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.1f}"


def _pages(given: Given, limit: int = 200) -> list[Row]:
    """The HTML stage, from bytes to an article, beside the text alone as trafilatura's defaults give it."""
    from trafilatura import bare_extraction

    from flows.parsing import parse_document
    from flows.records import Document

    names = [
        name
        for i in given.inputs
        for name in ([Path(i)] if Path(i).is_file() else sorted(Path(i).rglob("*")))
    ]
    pages = [name.read_bytes() for name in names if name.suffix in (".html", ".htm")][:limit]
    pages *= -(-50 // len(pages)) if pages else 0  # the sample articles are few and small
    if not pages:
        return []
    today = date.today()

    def ours() -> None:
        for page in pages:
            parse_document(Document("page.html", 1, "html", {"html": page}), today)

    def peer(with_metadata: bool) -> None:
        for page in pages:
            with contextlib.suppress(ValueError):  # a page without a tree
                bare_extraction(page, include_comments=False, with_metadata=with_metadata)

    ours()
    peer(with_metadata=True)
    what = f"{len(pages)} HTML pages to articles (text, title, date, authors, language), pages/s/core; peer: "
    bare, with_metadata = partial(peer, with_metadata=False), partial(peer, with_metadata=True)
    return [
        _row(f"{what}trafilatura's text alone", len(pages), ours, bare)._replace(target=">= 0.87"),
        _row(f"{what}trafilatura's text and metadata", len(pages), ours, with_metadata),
    ]


def _processes(given: Given) -> list[Row]:
    """Files to a published warehouse with one process on one core, and with two, beside stock spaCy."""
    stock = _stock_spacy()
    cores = os.sched_getaffinity(0)
    folder = _as_files(given.texts, given.folder / "texts")
    some = given.texts[::STOCK_SHARE]
    alone, one, two = [], [], []
    for number in range(PAIRS):
        os.sched_setaffinity(0, {min(cores)})
        began = time.perf_counter()
        stock(some)
        alone.append(len(some) / (time.perf_counter() - began))
        one.append(run_command(["run", str(folder), "--warehouse", str(given.folder / f"one{number}")]))
        os.sched_setaffinity(0, set(sorted(cores)[:2]))
        two.append(run_command(["run", str(folder), "--warehouse", str(given.folder / f"two{number}")]))
        os.sched_setaffinity(0, cores)
    first, second = ([len(given.texts) / ran.seconds for ran in runs] for runs in (one, two))

    def row(what: str, ours: Sequence[float], peer: Sequence[float], target: str = "") -> Row:
        ratio = statistics.median(own / other for own, other in zip(ours, peer, strict=True))
        own_figure, peer_figure = (_shown(statistics.median(figures)) for figures in (ours, peer))
        return Row(what, own_figure, peer_figure, f"{ratio:.2f}", target)

    return [
        row(
            "text files to published warehouse, one core, articles/s; peer: stock spaCy md, entities alone",
            first, alone, ">= 4",
        ),
        row("the same with two processes; peer: with one", second, first, ">= 1.8"),
        row(
            "the same with two processes; peer: stock spaCy md, entities alone, which takes one core",
            second, alone,
        ),
        Row("its peak memory, largest process, MB", f"{max(r.largest for r in two):,.0f}", "", "", "< 1,500"),
        Row("its peak memory, all processes, MB", f"{max(r.together for r in two):,.0f}"),
    ]  # fmt: skip


def _stages(given: Given) -> list[Row]:
    """Where the processor's time of a run goes, in one process on one core, its models loaded before."""
    import duckdb

    from flows.grouping.collection import group
    from warehouse.build import build_warehouse
    from warehouse.gazetteer import load_gazetteer
    from warehouse.load import load_parquet, load_seeds

    request = Request((str(_as_files(given.texts, given.folder / "texts")),), given.folder / "warehouse")
    seconds: dict[str, float] = defaultdict(float)

    @contextlib.contextmanager
    def timed(stage: str) -> Iterator[None]:
        began = time.process_time()
        yield
        seconds[stage] += time.process_time() - began

    def run_batches[B, R](name: str, function: Callable[[B], R], batches: Iterable[B]) -> Iterator[R]:
        with timed({"parse": "reading and parsing", "annotate": "annotating"}[name]):
            yield from here(name, function, batches)

    def timed_group(texts: GroupingInput) -> Groups:
        with timed("grouping"):
            return group(texts)

    def build(root: Path, run: RunRow) -> Path:
        with timed("building"):
            return build_warehouse(root, PROJECT, run, timed_group).link

    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    with timed("all"):
        with timed("reading and parsing"):  # files are looked at and hashed
            plan = plan_run(request)
        run_pipeline(request, plan, run_batches, build)
    # building loads while it reads its models: once more alone
    with duckdb.connect(str(given.folder / "loaded.duckdb")) as con, timed("loading"):
        load_seeds(con, PROJECT / "seeds")
        load_gazetteer(con)
        load_parquet(con, request.warehouse, plan.annotator_version)
    os.sched_setaffinity(0, cores)
    seconds["models and checks"] = seconds.pop("building") - seconds["grouping"] - seconds["loading"]
    whole = seconds.pop("all")
    return [
        Row(
            f"{stage}, s of processor; share of a run on one core",
            f"{taken:.1f}", "", f"{taken / whole:.1%}", "" if stage == "annotating" else "< 15%",
        )
        for stage, taken in seconds.items()
    ]  # fmt: skip


def _runs(given: Given) -> list[Row]:
    """The run over the files given, again with nothing new, and with one new file."""
    words = ["run", *given.inputs, "--warehouse", str(given.folder / "warehouse")]
    whole = run_command(words)
    unchanged = run_command(words)
    one = given.folder / "one.txt"
    one.write_text("Bridge opens\n\nA bridge over the Danube opened on Monday, mayor Ana Pop said.\n")
    more = run_command([*words, str(one)])
    return [
        Row("`newsmill run` over the files given, s", f"{whole.seconds:.1f}"),
        Row("the same run again, nothing new, s", f"{unchanged.seconds:.1f}", "", "", "< 4"),
        Row("the run with one new file, s", f"{more.seconds:.1f}"),
        Row("`newsmill --help`, s", f"{run_command(['--help']).seconds:.2f}", "", "", "< 0.3"),
    ]


def _growth(given: Given) -> list[Row]:
    """Processor time of an article in runs of 1,000 to 100,000; what is missing is repeated with edits."""
    rows, cost = [], 0.0
    for count in (1_000, 10_000, 100_000):
        folder = _as_files(_edited(given.texts, count), given.folder / f"texts{count}")
        run = run_command(["run", str(folder), "--warehouse", str(given.folder / str(count))])
        before, cost = cost, run.processor / count * 1000
        ratio, target = (f"{cost / before:.2f}", "<= 1.1") if count == 100_000 else ("", "")
        what = (
            f"{count:,} articles, ms of processor of an article; peer: 10,000"
            if ratio
            else f"{count:,} articles, ms of processor of one"
        )
        rows.append(Row(what, f"{cost:.1f}", f"{before:.1f}" if ratio else "", ratio, target))
    return rows


def _build(given: Given, articles: int, is_day_added: bool = False) -> list[Row]:
    """Load and build made-up Parquet beside a bare load of it, and the same with one more day."""
    import duckdb

    import flows.grouping.collection  # noqa: F401 - takes memory in a run too
    from benchmarks.synthetic import DAYS, MENTIONS, RUN, each_its_own, write_articles
    from warehouse.build import build_warehouse
    from warehouse.load import load_parquet

    def ours() -> None:
        with loaded() as con:
            load_parquet(con, root, RUN.annotator_version)

    def peer() -> None:
        with loaded() as con:
            for table in (
                "articles",
                "files",
                "edge_lines",
                "texts",
                "mentions",
                "topics",
                "key_phrases",
                "citations",
            ):
                paths = f"{root}/parquet/**/{table}.parquet"
                con.execute(f"create table {table} as select * from read_parquet('{paths}')")

    @contextlib.contextmanager
    def loaded() -> Iterator[duckdb.DuckDBPyConnection]:
        path = given.folder / "loaded.duckdb"
        with duckdb.connect(str(path)) as con:
            con.execute("set threads = 2")
            yield con
        path.unlink()

    root = given.folder / "made"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:  # its memory is not the build's
        other.submit(write_articles, root, 0, articles).result()
    full = _seconds(lambda: build_warehouse(root, PROJECT, RUN, each_its_own))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3  # before the peer, which has no limit
    times = [(_seconds(ours), _seconds(peer)) for _ in range(PAIRS)]
    took, alone = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(peer / ours for ours, peer in times)
    size = f"{articles * MENTIONS // 1_000_000}M mentions"
    rows = [
        Row(f"{size}: loading, s of processor; peer: `create table as` of the same Parquet",
            f"{took:.1f}", f"{alone:.1f}", f"{ratio:.2f}", ">= 0.67"),
        Row(f"{size}: loading, all models and checks, s of processor", f"{full:.1f}"),
        Row(f"{size}: the peak memory of that, MB", f"{peak:,.0f}", "", "", "< 1,500"),
    ]  # fmt: skip
    if is_day_added:
        write_articles(root, articles, articles + articles // DAYS, (DAYS, DAYS + 1))
        day = _seconds(lambda: build_warehouse(root, PROJECT, RUN, each_its_own))
        what = f"{size}: the same with one more day, s of processor; peer: from nothing"
        rows.append(Row(what, f"{day:.1f}", f"{full:.1f}", f"{full / day:.2f}"))
    return rows


def _groups(given: Given) -> list[Row]:
    """Copies and stories of many texts, from nothing and with some more."""
    from benchmarks.grouping import ADDED, TEXTS, grouping_cost

    cost = grouping_cost(given.warehouse / "news.duckdb")
    rows = [
        Row(f"{TEXTS:,} texts grouped, processor s", f"{cost.whole:.1f}", "", "", "< 600"),
        Row("its peak memory, MB", f"{cost.megabytes:,.0f}", "", "", "< 3,000"),
    ]
    for days, seconds in (("the last days", cost.last_days), ("any days", cost.any_days)):
        what = f"{ADDED:,} more, of {days}, processor s; share of it"
        rows.append(Row(what, f"{seconds:.1f}", "", f"{seconds / cost.whole:.1%}", "< 5%"))
    return rows


def _seconds(work: Callable[[], object]) -> float:
    """Of the processor, which others may be using too."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _as_files(texts: Iterable[Text], folder: Path) -> Path:
    """JSON lines files of 1,000 articles, each those of one day."""
    folder.mkdir()
    for number, chunk in enumerate(batched(texts, 1000)):
        day = f"{date(2026, 1, 1) + timedelta(days=number)}"
        lines = (
            json.dumps({"title": t.title, "text": t.text, "id": t.text_hash, "date": day}) for t in chunk
        )
        (folder / f"{number:05}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def _edited(texts: Sequence[Text], count: int) -> Iterator[Text]:
    """As many texts: those given, then again and again with their sentences shuffled and other numbers."""
    for number in range(count):
        text = texts[number % len(texts)]
        if number >= len(texts):
            random = Random(number)
            sentences = re.split(r"(?<=[.!?])\s+", text.text)
            random.shuffle(sentences)
            moved = str.maketrans("0123456789", "".join(random.sample("0123456789", 10)))
            edited = " ".join(sentences).translate(moved)
            text = Text(f"{text.text_hash}-{number}", f"{text.title} {number}", edited, text.language_code)
        yield text


class Ran(NamedTuple):
    """Seconds, those of processors, and the peak megabytes of all processes together and of the largest."""

    seconds: float
    processor: float
    together: float
    largest: float


def run_command(words: Sequence[str]) -> Ran:
    """Run one `newsmill` command and watch it."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "flows", *words], stdout=subprocess.DEVNULL)
    largest = together = 0.0
    used: dict[int, float] = {}
    done = threading.Event()

    def watch() -> None:
        nonlocal largest, together
        while not done.wait(0.2):
            found = list(_process_tree(process.pid))
            sizes = [size for _, size, _ in found]
            largest, together = max(largest, *sizes, 0), max(together, sum(sizes))
            used.update((pid, seconds) for pid, _, seconds in found)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    took = time.perf_counter() - began
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"newsmill {' '.join(words)} exited with {code}")
    return Ran(took, sum(used.values()), together, largest)


def _process_tree(pid: int) -> Iterator[tuple[int, float, float]]:
    """A process and all that it started: pid, resident megabytes, seconds of the processor so far."""
    try:
        children: list[str] = []
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += [c for c in (task / "children").read_text().split() if c not in children]
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except (OSError, ValueError):
        return
    seconds = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    yield pid, pages * os.sysconf("SC_PAGE_SIZE") / 1e6, seconds
    for child in children:
        yield from _process_tree(int(child))


BENCHMARKS: Final[dict[str, Callable[[Given], list[Row]]]] = {
    "engine": _engine,
    "annotator": _annotator,
    "parts": _parts,
    "pages": _pages,
    "processes": _processes,
    "stages": _stages,
    "runs": _runs,
    "build1m": partial(_build, articles=50_000, is_day_added=True),
    "build20m": partial(_build, articles=1_000_000),
    "growth": _growth,
    "groups": _groups,
}
LONG: Final = frozenset(("build20m", "growth", "groups"))
MADE: Final = frozenset(("build1m", "build20m"))


if __name__ == "__main__":
    main()
