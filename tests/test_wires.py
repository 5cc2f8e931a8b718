"""Wires and feeds end to end: one story in every format, its versions, and what is taken back."""

import json
from pathlib import Path
from typing import Any

from flows.pipeline import Request, here, plan_run, run_pipeline
from tests.reading_formats import samples as s
from warehouse.query import query

COPY = f"{s.TITLE}\n\nLISBON, Oct. 5, 2026 (AFP) - {s.TEXT}\n"
FILES = {
    "a.xml": s.G2,
    "b.xml": s.NEWSML1,
    "c.nitf": s.NITF,
    "d.json": s.NINJS_FILE,
    "e.iptc": s.IPTC,
    "f.rss": s.RSS,
    "g.txt": COPY,
    "h.html": s.PAGE,
    # the same address would be the same article
    "i.atom": s.ATOM.replace("2026/pilots", "2026/roster"),
    "j.mhtml": s.MHTML.replace("2026/pilots", "2026/anchor"),
    "k.warc": s.WARC.decode("latin-1").replace("2026/pilots", "2026/vessel"),
}


def run(warehouse: Path, folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_text(data)
    request = Request((str(folder),), warehouse)
    run_pipeline(request, plan_run(request), here)


def rows(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    return query(warehouse / "news.duckdb", sql)[1]


def test_one_story_in_every_format_is_as_many_articles_and_one_text(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_text(data, "latin-1" if name == "k.warc" else "utf-8", newline="")
    run(tmp_path, folder)
    found = rows(
        tmp_path,
        f"""select format_code, title, published_on::varchar, agency_id, slugline, urgency, version_number,
            list_sort(list(topic_id) filter (where decided_by = 'feed'))
        from marts.articles left join marts.article_topics using (article_id)
        where text_group_id = (
            select text_group_id from marts.articles where format_code = 'newsml_g2' and title = '{s.TITLE}'
        )
        group by all order by 1""",
    )
    story = (s.TITLE, "2026-10-05", "afp")
    uncredited = (s.TITLE, "2026-10-05", None, None, None, None)  # pages and Atom name no agency here
    economy = ["medtop:04000000"]
    assert found == [
        ("atom", *uncredited, economy),
        ("html", *uncredited, None),
        ("iptc7901", *story, "Portugal/Ports/Lisbon", 4, None, None),
        ("mhtml", *uncredited, None),
        ("newsml", *story, "lisbon-pilots", 4, 2, economy),
        ("newsml_g2", *story, "lisbon-pilots", 4, 2, [*economy, "medtop:20000209"]),
        ("ninjs", *story, "lisbon-pilots", 4, 2, economy),
        ("nitf", *story, "lisbon-pilots", 4, 2, economy),
        ("rss", *story, None, None, None, economy),
        ("text", *story, None, None, None, None),
        ("warc", *uncredited, None),
    ]
    origins = "select count(distinct origin_id) from marts.articles where title = "
    assert rows(tmp_path, f"{origins}'{s.TITLE}'") == [(1,)]
    # every other item arrived as well, each as an article of its own
    assert rows(tmp_path, f"select count(*) from marts.articles where title = '{s.SECOND_TITLE}'") == [(6,)]


def item(number: int, version: int, text: str, **changed: str) -> str:
    told = {"uri": f"urn:wire.example:{number}", "version": str(version), "body_xhtml": f"<p>{text}</p>"}
    return json.dumps(s.NINJS | told | changed)


def test_what_the_wire_says_decides_which_version_counts(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    shown = "select version_number, headline_flags, title from marts.articles order by item_id"
    run(
        *(tmp_path, folder),
        a_json=item(1, 2, "Pilots voted on Tuesday, not on Monday.", headline="CORRECTED-Pilots vote"),
        b_json=item(2, 1, "The tram opens in May, the city said."),
    )
    assert rows(tmp_path, shown) == [(2, ["correction"], "Pilots vote"), (1, [], s.TITLE)]
    run(
        *(tmp_path, folder),
        c_json=item(1, 1, "Pilots voted on Monday."),  # late, and older
        d_json=item(2, 2, "Please do not use this story.", pubstatus="stat:canceled"),
    )
    assert rows(tmp_path, shown) == [(2, ["correction"], "Pilots vote")]
    assert rows(
        tmp_path,
        """select reason_code, articles.version_number from marts.rejections
        inner join raw.articles using (article_id) where rejections.item_id = 'urn:wire.example:2'""",
    ) == [("withdrawn", 1)]
    assert rows(tmp_path, "select sum(article_count), sum(rejection_count) from marts.files") == [(3, 1)]
    run(tmp_path, folder, e_json=item(2, 3, "The tram opens in June, the city said."))
    assert rows(tmp_path, shown) == [(2, ["correction"], "Pilots vote"), (3, [], s.TITLE)]
