"""Every check finds nothing in a good warehouse, and the bad row that is planted for it."""

import duckdb
import pytest

from tests.warehouse.newsroom import PROJECT, Newsroom
from warehouse.checks import CheckFailed, run_checks

CHECKS = sorted((PROJECT / "sql" / "checks").glob("*.sql"))
TABLES = [path.stem for path in sorted((PROJECT / "sql" / "marts").glob("*.sql"))]


def of_each(tables: str, statement: str) -> list[str]:
    return [statement.format(table) for table in tables.split()]


PLANTED = {
    "copies_have_one_original": [
        "update marts.articles set is_original = false where article_id = 'ap'",
        "update marts.articles set text_group_id = 'one' where article_id in ('ap', 'bbc1')",
        "update marts.articles set text_group_id = 'one', is_original = article_id = 'ap'"
        " where article_id in ('ap', 'bbc1')",  # one original, two origins
    ],
    "copies_paired": [
        "delete from marts.copy_pairs",
        "update marts.copy_pairs set article_id_a = 'bbc1'",
        "update marts.copy_pairs set article_id_a = 'ap2'",
        "update marts.copy_pairs set article_id_b = 'bbc1'",
    ],
    "counts_agree": [
        "update marts.entity_aliases set mention_count = 1 where alias = 'Moon'",
        "delete from marts.entity_aliases where alias = 'Seoul'",
        "update marts.stories set outlet_count = 2",
        "update marts.files set record_count = 2 where article_count = 1",
    ],
    "counts_ordered": [
        *of_each("entities entity_days", "update marts.{} set mention_count = article_count - 1"),
        *of_each(
            "entities entity_days topics topic_days sources source_days stories entity_pairs entity_trends"
            " topic_trends entity_pair_months entity_pair_topics entity_topics outlet_entities"
            " outlet_sources",
            "update marts.{} set text_count = article_count + 1",
        ),
        *of_each(
            "entities entity_days topics topic_days sources source_days stories entity_topics"
            " outlet_entities outlet_sources",
            "update marts.{} set origin_count = text_count + 1",
        ),
        "update marts.sources set citation_count = article_count - 1 where source_role = 'cited'",
        "update marts.entities set origin_count = null",
    ],
    "dates_sane": [
        "update marts.articles set published_on = current_date + 2 where article_id = 'bbc1'",
        "update marts.articles set published_on = '1066-10-14' where article_id = 'bbc1'",
        "update marts.articles set published_on = null where article_id = 'bbc1'",
        "update marts.articles set published_basis = 'none' where article_id = 'bbc1'",
        "update marts.articles set published_basis = null where article_id = 'ap'",
    ],
    "evidence_citations": [
        "update marts.citations set source_text = 'Lee'",
        "update marts.citations set cue_end_char = cue_end_char - 1",
        "update marts.citations set content_start_char = content_start_char + 1",
        "update marts.citations set content_start_char = content_end_char, content_text = ''",
        "update marts.articles set text = title where title is not null",
    ],
    "evidence_mentions": [
        "update marts.mentions set mention_text = 'Lee' where field = 'title'",
        "update marts.mentions set start_char = start_char + 1 where mention_text = 'Seoul'",
        "update marts.mentions set start_char = -1 where mention_text = 'Moon'",
        "update marts.mentions set field = 'title' where mention_text = 'Seoul'",
        "delete from marts.articles where article_id = 'moon10'",
    ],
    "files_accounted_for": [
        "delete from raw.articles where article_id = 'bbc1'",
        "delete from raw.rejections",
        "update staging.file_slices set article_count = 2, last_record = 2 where file_key like '%bbc1.%'",
        "update staging.file_slices set first_record = 0 where file_key like '%bbc1.%'",
        "update staging.file_slices set is_complete = false where file_key like '%bbc1.%'",
        "insert into raw.rejections select batch_id, run_id, file_path, file_key, 1, 'empty', '', now(),"
        " null, null, null, null, null from raw.articles where article_id = 'bbc1'",
    ],
    "keys_unique": [
        *of_each(" ".join(TABLES), "insert into marts.{0} from marts.{0} limit 1"),
        "insert into marts.articles (title) values ('no key')",
    ],
    "lists_closed": [
        "update marts.mentions set place_reason = 'a hunch' where entity_type = 'place'",
        "update marts.rejections set reason_code = 'bad_luck'",
        "update marts.entities set entity_type = 'planet' where entity_name = 'Seoul'",
        "update marts.entities set entity_type = null where entity_name = 'Seoul'",
        "update marts.alias_candidates set candidate_reason = 'a hunch'",
        "update marts.page_chrome set decided_by = 'a feeling'",
        "update marts.mentions set field = 'caption'",
        "update marts.articles set published_basis = 'clock'",
        "update marts.citations set quote_type = 'made up'",
        "update marts.citations set source_type = 'oracle'",
        "update marts.article_topics set decided_by = 'a hunch'",
        "update marts.sources set source_role = 'reader'",
        "update marts.copy_pairs set change_code = 'a bit'",
        "update marts.runs set run_state = 'well'",
        "update marts.coverage_days set coverage_code = 'odd'",
    ],
    "mentions_counted": [
        "update marts.entities set mention_count = mention_count + 1 where entity_name = 'Seoul'",
        "update marts.entities set article_count = article_count + 1, mention_count = mention_count",
        "update marts.entities set text_count = 1",
    ],
    "references_exist": [
        "update marts.article_places set article_id = 'nothing'",
        "update marts.page_chrome set example_article_id = 'nothing'",
        "delete from marts.articles where article_id = 'moon10'",
        "delete from marts.entities where entity_name = 'Seoul'",
        "delete from marts.topics",
        "delete from marts.sources where source_role = 'outlet'",
        "delete from marts.sources where source_role = 'agency'",
        "delete from marts.stories",
        *of_each(
            "mentions entity_aliases article_places citations sources entity_days entity_trends"
            " entity_topics outlet_entities",
            "update marts.{} set entity_id = 'person:nobody' where entity_id is not null",
        ),
        "update marts.alias_candidates set alias_entity_id = 'person:nobody'",
        "update marts.alias_candidates set entity_id = 'person:nobody'",
        "update marts.entity_pairs set entity_id_a = 'person:nobody'",
        "update marts.entity_pairs set entity_id_b = 'person:nobody'",
        *of_each(
            "entity_pair_months entity_pair_topics",
            "update marts.{} set entity_id_b = 'person:nobody'",
        ),
        *of_each(
            "article_topics topic_days topic_trends entity_topics",
            "update marts.{} set topic_id = 'medtop:99999999'",
        ),
        *of_each("article_topics key_phrases citations", "update marts.{} set article_id = 'lost'"),
        *of_each("source_days outlet_sources", "update marts.{} set source_id = 'outlet:lost'"),
        *of_each(
            "outlet_sources outlet_sourcing coverage_days outlet_entities",
            "update marts.{} set outlet_id = 'lost'",
        ),
        "update marts.outlet_sources set topic_id = 'medtop:99999999'",
        "update marts.articles set story_id = 'lost'",
        "update marts.copy_pairs set article_id_b = 'lost'",
        "update marts.story_merges set new_story_id = 'lost'",
    ],
    "texts_annotated": ["delete from raw.texts where text_hash like '%Lee said so 1.'"],
    "values_in_range": [
        "update marts.articles set language_code = 'English'",
        "update marts.articles set record_number = 0",
        "update marts.article_topics set topic_score = 1.5",
        "update marts.article_topics set topic_score = null",
        "update marts.article_places set place_score = 0",
        "update marts.article_places set place_rank = 4",
        "insert into marts.article_topics select article_id, 'medtop:04000000', '', 1, 0.5, true, 'model'"
        " from marts.article_topics",
        "update marts.entities set country_code = 'kr' where entity_name = 'Seoul'",
        "update marts.entities set latitude = 91 where entity_name = 'Seoul'",
        "update marts.entities set longitude = null where entity_name = 'Seoul'",
        "update marts.entities set wikidata_id = 'https://www.wikidata.org/wiki/Q8684'",
        "update marts.outlet_sources set text_citation_count = citation_count + 1",
        *of_each("named anonymous official", "update marts.outlet_sourcing set {}_share = 1.1"),
        "update marts.outlet_sourcing set named_share = null",
        *of_each("agency citing", "update marts.outlet_sourcing set {}_text_share = 1.1"),
        "update marts.outlet_sourcing set top_source_share = 0 / 0.0",
        "update marts.outlet_sourcing set concentration_score = 1.1",
        "update marts.outlet_sourcing set effective_source_count = source_count + 1",
        "update marts.outlet_sourcing set source_count = 0",
        *of_each(
            "entity_days topic_days source_days entity_topics outlet_entities",
            "update marts.{} set article_share = 1.1",
        ),
        "update marts.page_chrome set text_share = 1.1",
        "update marts.page_chrome set cut_count = 1",
        "update marts.entity_pairs set association_score = 2",
        "update marts.copy_pairs set shared_share = 0.5, contained_share = 0.4",
        "update marts.copy_pairs set contained_share = 1.1",
        "update marts.entity_pairs set entity_id_a = entity_id_b, entity_id_b = entity_id_a",
    ],
}


@pytest.mark.parametrize("check", CHECKS, ids=[path.stem for path in CHECKS])
def test_a_check_catches_what_is_planted_for_it(planted: duckdb.DuckDBPyConnection, check: object) -> None:
    sql = check.read_text()  # type: ignore[attr-defined]
    assert planted.execute(sql).fetchall() == []
    for statement in PLANTED[check.stem]:  # type: ignore[attr-defined]
        planted.execute("begin")
        planted.execute(statement)
        assert planted.execute(sql).fetchall() != [], statement
        planted.execute("rollback")


def test_all_that_failed_is_told_with_some_rows(planted: duckdb.DuckDBPyConnection) -> None:
    run_checks(planted, PROJECT / "sql")
    planted.execute("update marts.mentions set mention_text = 'Lee'")
    planted.execute("update marts.rejections set reason_code = 'bad_luck'")
    with pytest.raises(CheckFailed) as caught:
        run_checks(planted, PROJECT / "sql")
    assert [(name, count) for name, count, _ in caught.value.failures] == [
        ("evidence_mentions", 16),
        ("lists_closed", 1),
    ]
    message = str(caught.value)
    assert "evidence_mentions: 16 row(s) must not exist" in message
    assert message.count("mention_text='Lee'") == 5
    assert "found='bad_luck'" in message


def test_the_full_warehouse_is_a_fair_witness(full: Newsroom) -> None:
    # A planted row can only be caught if the table has a row to plant it in.
    assert [table for table in TABLES if full.rows(f"select count(*) from marts.{table}") == [(0,)]] == []
