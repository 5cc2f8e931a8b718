"""A newsroom that writes Parquet as the flow does, and a project folder with a few seeds.

The seeds are small, so that a test's expected rows can be read off them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from flows.parsing.edge_lines import edge_lines
from warehouse.build import build_warehouse
from warehouse.gazetteer import GAZETTEER, load_gazetteer
from warehouse.load import GroupingInput, Groups
from warehouse.parquet import RunRow, columns_of, write_batch, write_run
from warehouse.publish import Published
from warehouse.query import query

PROJECT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

REGION_COLUMNS = (
    "region_name,aliases,region_kind,country_code,admin1_code,latitude,longitude,population,"
    "geonames_id,wikidata_id"
)
SEEDS = {
    "countries": """country_code,entity_name,aliases,demonyms,capital,latitude,longitude,wikidata_id
KR,South Korea,S. Korea|Republic of Korea,South Korean|South Koreans,Seoul,37,127.5,Q884
FR,France,,French,Paris,46,2,Q142
CR,Costa Rica,,Costa Rican,San José,10,-84,Q800
GB,United Kingdom,UK,British,London,54,-2,Q145
US,United States,US,American|Americans,Washington,39.76,-98.5,Q30
""",
    "places": """place_name,aliases,demonyms,country_code,latitude,longitude,wikidata_id
Europe,,European|Europeans,,48.69,9.14,Q46
Paris,,,FR,,,Q90
""",
    "regions": REGION_COLUMNS
    + """
Texas,Tex.,region,US,TX,31.25,-99.25,23000000,4736286,Q1439
Illinois,Ill.,region,US,IL,40,-89.25,10000000,4896861,Q1204
Missouri,Mo.,region,US,MO,38.25,-92.5,4500000,4398678,Q1581
Lamar County,Lamar Co.,county,US,TX,33.67,-95.57,35000,,
Lamar County,Lamar Co.,county,US,GA,33.08,-84.14,15000,,
""",
    "organizations": """entity_name,aliases,shared_aliases,wikidata_id,entity_type
United Nations,UN|U.N.,,Q1065,organization
Securities and Exchange Commission,,SEC,Q953944,organization
""",
    "people": """person_name,aliases,wikidata_id,office
Gerald Ford,Gerald R. Ford,Q9582,president of the United States
""",
    "nicknames": """nickname,given_name
Chuck,Charles
""",
    "name_words": """word,word_role
Kim,surname_first
Senate,state_body
Committee,state_body
Ministry,state_body
""",
    "entity_aliases": """alias,entity_type,entity_name,is_same,note,decided_by,decided_on
Moon,person,Moon Jae-in,true,the president of the time,,
UN,organization,United Nations,false,here the name of a rowing club,,
Blue House,organization,Cheong Wa Dae,true,,,
""",
    "agencies": """agency_id,agency_name,codes,aliases,domains,country_code,wikidata_id
ap,Associated Press,AP,The Associated Press,apnews.com,US,Q40469
yonhap,Yonhap News Agency,Yonhap,,yna.co.kr,KR,Q491120
""",
    "outlets": """outlet_id,outlet_name,domain,aliases,country_code,outlet_type,wikidata_id
bbc,BBC News,bbc.co.uk|bbc.com,BBC|The BBC,GB,broadcaster,Q1160945
herald,The Herald,herald.example,Herald,GB,newspaper,
""",
    "page_chrome_decisions": """scope_name,line,is_chrome,note
bbc.co.uk,More soon.,false,here it is the article
""",
    "topics": """topic_id,topic_name,topic_level,parent_topic_id,top_topic_id,expected_share,description
medtop:04000000,"economy, business and finance",1,,medtop:04000000,0.1,
medtop:11000000,politics and government,1,,medtop:11000000,0.1,
medtop:20000346,international trade,3,medtop:04000000,medtop:04000000,,
""",
}


@cache
def _gazetteer() -> dict[str, pa.Table]:
    """The cities of 20,000 people and more in the countries of the seeds: all would take seconds a build."""
    countries = [line.partition(",")[0] for line in SEEDS["countries"].splitlines()[1:]]
    with duckdb.connect() as con:
        con.execute("create schema seeds")
        load_gazetteer(con)
        con.execute(
            "delete from seeds.cities where population < 20000 or country_code not in $1", [countries]
        )
        con.execute("delete from seeds.city_names where city_id not in (select city_id from seeds.cities)")
        return {name: con.table(name).to_arrow_table() for name in GAZETTEER}


def _load_gazetteer(con: duckdb.DuckDBPyConnection) -> None:
    for name, rows in _gazetteer().items():
        con.register("given", rows)
        con.execute(f"create table {name} as from given")
        con.unregister("given")


def run_row(run_id: str = "20261123T120000Z-aaaa", **changes: Any) -> RunRow:
    """A run that has just started."""
    return RunRow(run_id, NOW, None, "started", 0, 0, 0, 0, "md-test", "p1")._replace(**changes)


@dataclass
class Newsroom:
    """Collects articles and what the annotator says of their texts; `write` commits, `build` publishes."""

    root: Path
    project: Path
    parsed: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    annotated: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    text_groups: dict[str, str] = field(default_factory=dict)
    story_groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    story_merges: list[tuple[str, str, date | None]] = field(default_factory=list)
    shingles: dict[str, list[int]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    batches: int = 0

    def article(self, article_id: str, text: str = "Nothing new.", **given: Any) -> str:
        """Add an article, in a file of its own unless `file_key` says otherwise; its text's hash."""
        text_hash = given.pop("text_hash", f"hash of {given.get('title') or ''}{text}")
        row = {
            "article_id": article_id,
            "file_path": f"inbox/{article_id}.txt",
            "file_key": f"/inbox/{article_id}.txt",
            "record_number": 1,
            "format_code": "txt",
            "title": None,
            "text": text,
            "text_hash": text_hash,
            "published_on": None,
            "published_basis": "metadata" if given.get("published_on") else "none",
            "language_code": "en",
            "authors": [],
            "url": None,
            "outlet_name": None,
            "outlet_domain": None,
            "agency_id": None,
            "agency_name": None,
            "dateline_place": None,
            "word_count": len(text.split()),
            "headline_flags": [],
            "is_correction": False,
            "is_summary": False,
            "item_id": None,
            "item_key": None,
            "version_number": None,
            "updated_at": None,
            "crawled_at": None,
            "slugline": None,
            "urgency": None,
            "feed_topic_ids": [],
        } | given
        self._add("articles", row)
        where = {"file_key": row["file_key"], "record_number": row["record_number"]}
        for line in edge_lines(text):
            self._add("edge_lines", where | line._asdict())
        return str(text_hash)

    def rejection(self, file_key: str, reason_code: str, record_number: int = 1, **given: Any) -> None:
        """Add a record that gave no article; one that withdraws says of which `item_key` or `url`."""
        row = {"file_path": file_key, "file_key": file_key, "record_number": record_number}
        row |= {"reason_code": reason_code, "detail": "", "rejected_at": NOW}
        meant = dict.fromkeys(("url", "item_id", "item_key", "version_number", "updated_at"))
        self._add("rejections", row | meant | given)

    def mention(self, text_hash: str, surface: str, entity_type: str, **given: Any) -> None:
        """Add the mention of a surface form at `start` (0)."""
        start = given.get("start", 0)
        where = (given.get("field", "text"), start, start + len(surface))
        name = given.get("name", surface)
        told = (given.get("role"), given.get("is_metonym", False))
        self.annotated["mentions"].append((text_hash, *where, surface, name, entity_type, "model", *told))

    def citation(
        self, text_hash: str, source: str, source_type: str, entity: str | None = None, **given: Any
    ) -> None:
        """Add "<source> said so", with the source at `start` (0)."""
        start = given.get("start", 0)
        end = start + len(source)
        row = (source, start, end, "said", end + 1, end + 5, "so", end + 6, end + 8, "indirect", source_type)
        named = (entity, source_type) if entity else (None, None)
        told = (None, source_type == "anonymous", given.get("is_official", False), False)
        self.annotated["citations"].append((text_hash, *row, *named, *told))

    def topic(self, text_hash: str, topic_id: str, score: float = 0.9, is_primary: bool = True) -> None:
        """Add a topic."""
        self.annotated["topics"].append((text_hash, topic_id, score, is_primary))

    def write(
        self,
        run_id: str = "20261123T120000Z-aaaa",
        file_hash: str = "h1",
        parser_version: str = "p1",
        slices: Mapping[str, tuple[int, int, bool]] | None = None,
    ) -> str:
        """Commit what was added since the last time as one batch; its id.

        Files are complete, unless `slices` says (first, last, is_last) for a file key.
        """
        self.batches += 1
        batch_id = f"{run_id}-{self.batches:05d}"
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for table, index in (("articles", 0), ("rejections", 1)):
            columns = self.parsed.get(table, {})
            for key, number in zip(
                columns.get("file_key", ()), columns.get("record_number", ()), strict=True
            ):
                counts[key][index] += 1
                counts[key][2] = max(counts[key][2], number)
        for key, (articles, rejections, last) in counts.items():
            first, last, is_last = (slices or {}).get(key, (1, last, True))
            row = {
                "file_path": key.removeprefix("/"),
                "file_key": key,
                "file_hash": file_hash,
                "file_size": 10,
                "modified_ns": self.batches,
                "parser_version": parser_version,
                "first_record": first,
                "last_record": last,
                "is_last": is_last,
                "article_count": articles,
                "rejection_count": rejections,
            }
            self._add("files", row)
        write_batch(self.root, "parsed", batch_id, self.parsed)
        self.parsed = {}
        return batch_id

    def annotate(self, text_hashes: Iterable[str], version: str = "md-test") -> None:
        """Commit what was said of these texts."""
        self.batches += 1
        new = sorted(set(text_hashes) - self.seen)
        self.seen.update(new)
        rows: dict[str, Sequence[tuple[Any, ...]]] = dict(self.annotated)
        rows["texts"] = [
            (text_hash, "en", True, 3, self.shingles.get(text_hash, [1, 2]), [3], []) for text_hash in new
        ]
        kind = f"annotated/{version}"
        tables = {table: columns_of(kind, table, found) for table, found in rows.items()}
        write_batch(self.root, kind, f"20261123T120000Z-aaaa-{self.batches:05d}", tables)
        self.annotated.clear()

    def group(self, given: GroupingInput) -> Groups:
        """Copies and stories as told in `text_groups` and `story_groups`."""
        stories, text_hash = self.story_groups, [key.decode() for key in given.text_hashes.tolist()]
        return Groups(
            {"text_hash": text_hash, "text_group_id": [self.text_groups.get(h, h) for h in text_hash]},
            {
                "text_group_id": list(stories),
                "story_id": [story for story, _ in stories.values()],
                "headline": [headline for _, headline in stories.values()],
            },
            columns_of("grouped/md-test", "story_merges", self.story_merges),
            {},
        )

    def build(self, run: RunRow | None = None, **options: Any) -> Published:
        """Commit what is left and publish."""
        run = run or run_row()
        if self.parsed:
            hashes = self.parsed.get("articles", {}).get("text_hash", [])
            self.write(run.run_id)
            self.annotate(hashes)
        write_run(self.root, run)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("warehouse.build.load_gazetteer", _load_gazetteer)
            return build_warehouse(self.root, self.project, run, self.group, **options)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the published warehouse."""
        return query(self.root / "news.duckdb", sql)[1]

    def _add(self, table: str, row: Mapping[str, Any]) -> None:
        columns = self.parsed.setdefault(table, defaultdict(list))
        for name, value in row.items():
            columns[name].append(value)


def open_newsroom(folder: Path) -> Newsroom:
    """A newsroom with a warehouse and a project folder of its own."""
    project = folder / "project"
    (project / "seeds").mkdir(parents=True)
    for name, text in SEEDS.items():
        (project / "seeds" / f"{name}.csv").write_text(text, "utf-8")
    (project / "sql").symlink_to(PROJECT / "sql", target_is_directory=True)
    return Newsroom(folder / "warehouse", project)


def day(number: int) -> date:
    """A day of November 2026."""
    return date(2026, 11, number)
