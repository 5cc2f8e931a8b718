"""The tables and columns that the outside relies on are there, and say what they are."""

import duckdb
import pytest
from sqlalchemy import create_engine, inspect, text

from flows.records import Reason
from tests.warehouse.newsroom import PROJECT, Newsroom

CONTRACT = {
    "articles": "article_id file_path record_number format_code title text published_on published_basis"
    " language_code authors url outlet_id outlet_name agency_id agency_name dateline_place word_count"
    " text_group_id is_original story_id",
    "mentions": "mention_id article_id field start_char end_char mention_text entity_id entity_type",
    "entities": "entity_id entity_name entity_type country_code latitude longitude wikidata_id mention_count"
    " article_count text_count origin_count first_seen_on last_seen_on",
    "entity_aliases": "entity_id alias mention_count decided_by",
    "article_topics": "article_id topic_id topic_name topic_level topic_score is_primary",
    "topics": "topic_id topic_name topic_level parent_topic_id article_count text_count origin_count",
    "key_phrases": "article_id phrase phrase_score",
    "citations": "citation_id article_id source_text source_start_char source_end_char cue_text"
    " cue_start_char cue_end_char content_text content_start_char content_end_char quote_type"
    " source_type entity_id role is_anonymous is_official is_resolved_pronoun",
    "sources": "source_id source_name source_role entity_id country_code article_count text_count"
    " citation_count first_seen_on last_seen_on",
    "entity_days": "entity_id published_on mention_count article_count text_count origin_count article_share",
    "topic_days": "topic_id published_on article_count text_count origin_count article_share",
    "source_days": "source_id published_on article_count text_count origin_count article_share",
    "outlet_sources": "outlet_id topic_id source_id citation_count article_count text_count origin_count",
    "outlet_sourcing": "outlet_id article_count text_count text_citation_count named_share anonymous_share"
    " official_share source_count top_source_id top_source_share concentration_score effective_source_count",
    "entity_pairs": "entity_id_a entity_id_b article_count text_count association_score",
    "entity_trends": "entity_id published_on article_count expected_count trend_score",
    "coverage_days": "outlet_id published_on article_count expected_count is_gap",
    "stories": "story_id headline first_published_on last_published_on article_count text_count outlet_count",
    "story_merges": "old_story_id new_story_id merged_on",
    "copy_pairs": "article_id_a article_id_b text_group_id shared_share contained_share change_code",
    "rejections": "file_path record_number reason_code detail run_id rejected_at",
    "runs": "run_id started_at ended_at run_state files_seen_count files_new_count article_count"
    " rejection_count annotator_version",
}
# Names speak of types: the ending of a column's name, and what it must be.
TYPES = {
    "_on": "DATE",
    "_at": "TIMESTAMP WITH TIME ZONE",
    "_count": ("BIGINT", "INTEGER", "DOUBLE"),
    "_share": "DOUBLE",
    "_score": "DOUBLE",
    "_id": "VARCHAR",
    "_name": "VARCHAR",
    "_code": "VARCHAR",
}


@pytest.mark.parametrize("table", CONTRACT)
def test_a_table_of_the_contract_has_its_columns_and_rows(full: Newsroom, table: str) -> None:
    columns = full.rows(f"select column_name from duckdb_columns() where table_name = '{table}'")
    assert set(CONTRACT[table].split()) <= {name for (name,) in columns}
    assert full.rows(f"select count(*) > 0 from marts.{table}") == [(True,)]


def test_every_table_and_column_says_what_it_is(full: Newsroom) -> None:
    silent = full.rows("""
        select table_name, '' from duckdb_tables() where schema_name = 'marts' and comment is null
        union all
        select table_name, column_name from duckdb_columns() where schema_name = 'marts' and comment is null
    """)
    assert silent == []
    assert full.rows("select comment from duckdb_columns() where comment like 'The copy%'") == [
        ("The copy that counts when copies count once: exactly one per text group.",)
    ]


def test_names_speak_of_types(full: Newsroom) -> None:
    columns = full.rows(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'marts'"
    )
    wrong = [
        (table, column, kind)
        for table, column, kind in columns
        for ending, kinds in TYPES.items()
        if column.endswith(ending) and kind not in kinds
    ]
    wrong += [c for c in columns if c[1].startswith(("is_", "has_")) and c[2] != "BOOLEAN"]
    assert wrong == []


def test_reasons_are_one_closed_list(planted: duckdb.DuckDBPyConnection) -> None:
    planted.execute("delete from marts.rejections")
    for reason in Reason:
        planted.execute("insert into marts.rejections (reason_code) values (?)", [reason.value])
    check = (PROJECT / "sql" / "checks" / "lists_closed.sql").read_text()
    assert planted.execute(check).fetchall() == []


def test_bi_tools_reach_it_through_sqlalchemy(full: Newsroom) -> None:
    path = (full.root / "news.duckdb").resolve()
    engine = create_engine(f"duckdb:///{path}", connect_args={"read_only": True})
    tables = inspect(engine).get_table_names(schema="marts")
    assert set(CONTRACT) <= {name.rpartition(".")[2] for name in tables}
    columns = inspect(engine).get_columns("entities", schema="marts")
    assert "origin_count" in [column["name"] for column in columns]
    with engine.connect() as con:
        assert con.execute(text("select count(*) from marts.articles")).scalar() == 15
    engine.dispose()
