"""The sample articles end to end: what each of them was written to show."""

from pathlib import Path

import pytest

from flows.pipeline import Request, here, plan_run, run_pipeline
from flows.summary import print_status
from tests.marts import value
from warehouse.query import query

SAMPLES = Path(__file__).parents[1] / "seeds" / "articles"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    request = Request((str(SAMPLES),), folder)
    run_pipeline(request, plan_run(request), here)
    return folder


def test_every_broken_file_is_rejected_for_its_reason(warehouse: Path) -> None:
    _, rows = query(
        warehouse / "news.duckdb",
        """select split_part(file_path, '/broken/', 2), record_number, reason_code
        from marts.rejections order by 1, 2""",
    )
    assert [row for row in rows if row[0]] == [
        ("binary.txt", 1, "binary"),
        ("broken.json", 1, "bad_json"),
        ("empty.txt", 1, "empty"),
        ("no-article.html", 1, "no_article"),
        ("one-bad-line.jsonl", 2, "bad_json"),
        ("one-bad-line.jsonl", 4, "no_text_field"),
        ("truncated.jsonl.gz", 1, "truncated"),
    ]


def test_one_wire_story_in_five_outlets_is_five_one_one(warehouse: Path) -> None:
    _, rows = query(
        warehouse / "news.duckdb",
        """select count(*), count(distinct outlet_id), count(distinct text_group_id),
            count(distinct origin_id), count(*) filter (where is_original), any_value(agency_name)
        from marts.articles
        where text_group_id = (
            select text_group_id from marts.articles where title = 'Vietnam lands $1.8 bn Korean chip plant'
        )""",
    )
    assert rows == [(5, 5, 1, 1, 1, "Yonhap News Agency")]


def test_a_copy_says_what_was_changed(warehouse: Path) -> None:
    _, rows = query(
        warehouse / "news.duckdb",
        """select regexp_extract(file_path, '[^/]+$'), change_code
        from marts.copy_pairs inner join marts.articles on article_id_b = article_id order by 1""",
    )
    assert rows == [
        ("2026-10-06-sunmyeong-vietnam.html", "edited"),
        ("2026-10-06-vietnam-chip-plant.json", "edited"),
        ("2026-10-asia-and-sport.jsonl.gz", "cut"),
        ("ap-2026-10-11-chile-quake.txt", "headline"),
        ("chip-plant-bac-ninh.txt", "edited"),
    ]


def test_two_agencies_on_one_event_are_two_origins(warehouse: Path) -> None:
    origins = value(
        warehouse,
        """select list(distinct origin_id order by origin_id) from marts.articles
        where title ilike '%chile%' and agency_id in ('ap', 'efe')""",
    )
    assert origins == ["agency:ap", "agency:efe"]
    story = """select count(distinct text_group_id), count(distinct origin_id), count(distinct story_id)
        from marts.articles where title ilike '%chile%' and agency_id in ('ap', 'efe')"""
    assert query(warehouse / "news.duckdb", story)[1] == [(2, 2, 1)]


def test_a_correction_replaces_what_it_corrects_and_raw_keeps_both(warehouse: Path) -> None:
    address = "https://www.tagusbusiness.example/2026/10/08/ribeira-norte-caixa-tejo-merger"
    corrected = f"select list(is_correction) from marts.articles where url = '{address}'"
    assert value(warehouse, corrected) == [True]
    assert value(warehouse, f"select count(*) from raw.articles where url = '{address}'") == 2


def test_what_is_not_known_is_null(warehouse: Path) -> None:
    basis = "select distinct published_basis from marts.articles where published_on is null"
    assert query(warehouse / "news.duckdb", basis)[1] == [("none",)]
    assert (
        value(warehouse, "select max(published_on)::varchar from marts.articles") == "2026-10-25"
    )  # not 2099
    undated = "select count(*) from marts.articles where published_on is null and file_path like '%/{}.txt'"
    for copy in ("glacier-report", "ferry-survivors", "geneva-steel-talks", "chile-quake", "vaccine-ema"):
        assert value(warehouse, undated.format(copy)) == 1


def test_page_copies_lose_their_page_and_keep_their_credit(warehouse: Path) -> None:
    _, rows = query(
        warehouse / "news.duckdb",
        """select regexp_extract(file_path, '[^/]+$'), title, agency_id from marts.articles
        where regexp_matches(file_path, '(glacier-report|ferry-survivors|chip-plant-bac-ninh).txt')
        order by 1""",
    )
    assert rows == [
        ("chip-plant-bac-ninh.txt", "Sunmyeong to invest $1.8 bln in Vietnam chip packaging plant", "yonhap"),
        (
            "ferry-survivors.txt",
            "Survivors tell of darkness and a single rope after Indonesian ferry disaster",
            "afp",
        ),
        (
            "glacier-report.txt",
            "UN report: Glaciers shed a record 410 billion tons of ice in a year",
            "ap",
        ),
    ]
    for furniture in ("Back To Top", "All rights reserved"):
        assert value(warehouse, f"select count(*) from marts.articles where text ilike '%{furniture}%'") == 0


def test_a_line_that_five_articles_of_one_paper_share_is_learned_and_cut(warehouse: Path) -> None:
    _, rows = query(
        warehouse / "news.duckdb",
        "select scope_name, left(line, 23), article_count, cut_count, decided_by from marts.page_chrome",
    )
    assert rows == [("Cedar Valley Record", "The Cedar Valley Record", 5, 5, "learned")]
    assert value(warehouse, "select count(*) from marts.articles where text like '%old feed store%'") == 0


def test_other_languages_are_articles_without_annotations_that_say_so(warehouse: Path) -> None:
    _, rows = query(
        warehouse / "news.duckdb",
        """select language_code, is_annotated, count(mention_id)
        from marts.articles left join marts.mentions using (article_id)
        where language_code <> 'en' group by all order by 1""",
    )
    assert rows == [("es", False, 0), ("fr", False, 0)]


def test_status_tells_what_no_seed_knows(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_status(warehouse / "news.duckdb")
    printed = capsys.readouterr().out
    assert "outlets that seeds/outlets.csv does not know yet" in printed
    unknown = value(
        warehouse,
        """select source_name from marts.sources where source_role = 'outlet' and not is_known
        order by article_count desc, source_id""",
    )
    assert unknown in printed and "unclassified" in printed


def test_hostile_cells_do_no_harm(warehouse: Path) -> None:
    assert value(warehouse, "select count(*) from marts.articles where title like '%<script%'") == 0
    assert value(warehouse, "select count(*) from marts.articles where title like 'How a stray%'") == 1
    assert value(warehouse, "select count(*) from marts.articles where title like '=HYPERLINK(%'") == 1
