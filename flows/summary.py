"""What a run says at its end, and what `newsmill status` says between runs.

Every figure is read from the published tables, so that what is printed is what people will query.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.pipeline import Outcome
from flows.tables import console, print_table
from warehouse.query import query

_TOP = {
    "entities": """
        select entity_name, entity_type, article_count, text_count, origin_count
        from marts.entities order by text_count desc, article_count desc, entity_id limit 10
    """,
    "topics": """
        select topic_name, topic_level, article_count, text_count, origin_count
        from marts.topics where article_count > 0
        order by topic_level, text_count desc, topic_id limit 10
    """,
    "sources": """
        select source_name, source_role, article_count, text_count, citation_count
        from marts.sources where is_known or source_role <> 'cited'
        order by text_count desc, article_count desc, source_id limit 10
    """,
}

NEXT = 'newsmill sql "select * from marts.stories order by text_count desc limit 5"'


def print_outcome(outcome: Outcome, seconds: float) -> None:
    """Print what a run did and the first rows of what it published."""
    database = outcome.published
    say = console().print
    articles = _one(database, "select count(*) from marts.articles")
    copies = _one(database, "select count(*) from marts.articles where not is_original")
    undated = _one(database, "select count(*) from marts.articles where published_on is null")
    foreign = _one(
        database, "select count(*) from marts.articles where not is_annotated and language_code <> 'en'"
    )
    unclassified = _one(database, "select article_count from marts.topics where topic_id = 'unclassified'")
    failed = _one(
        database,
        "select count(*) from marts.articles where not is_annotated and coalesce(language_code, 'en') = 'en'",
    )
    say(
        f"files      {outcome.files_seen:,} seen, {outcome.files_new:,} new or changed\n"
        f"articles   {outcome.articles:,} read in this run; {articles:,} in the warehouse, "
        f"{copies:,} of them copies of another\n"
        f"undated    {undated:,} (in all totals, left out of the tables by day)\n"
        f"topics     {unclassified:,} unclassified: no topic is clear enough\n"
        f"language   {foreign:,} in a language that is not annotated yet"
        + (f"\nfailed     {failed:,} that the annotator could not read; please report them" if failed else "")
    )
    columns, rows = query(
        database,
        """select reason_code, count(*) as rejection_count, min(file_path) as for_example
        from marts.rejections group by all order by rejection_count desc, reason_code""",
    )
    say(f"rejected   {sum(row[1] for row in rows):,}")
    if rows:
        print_table(columns, rows)
    for sql in _TOP.values():
        say("")
        print_table(*query(database, sql))
    say(f"\npublished  {database} in {seconds:.0f} s\nnext       {NEXT}")


def print_unchanged(files_seen: int, database: Path) -> None:
    """Say that there was nothing to do."""
    console().print(
        f"files      {files_seen:,} seen, 0 new or changed\nnothing was written; {database} is up to date"
    )


def print_status(database: Path) -> None:
    """Print the last runs, how fresh the data is, what it counts, and what is not known yet."""
    print_table(
        *query(
            database,
            """select run_id, run_state, strftime(started_at, '%Y-%m-%d %H:%M') as started_at_utc,
                files_new_count as files, article_count as articles, rejection_count as rejections
            from marts.runs order by started_at desc limit 10""",
        )
    )
    say = console().print
    published_at = _one(database, "select max(ended_at) from marts.runs where run_state = 'published'")
    newest = _one(database, "select max(published_on) from marts.articles")
    if published_at is not None:
        age = datetime.now(UTC) - published_at
        say(f"\npublished {_ago(age.total_seconds())} ago; newest article {newest or 'undated'}")
    print_table(
        *query(
            database,
            """select
                (select count(*) from marts.articles) as articles,
                (select count(distinct text_group_id) from marts.articles) as texts,
                (select count(*) from marts.articles where published_on is null) as undated,
                (select count(*) from marts.entities) as entities,
                (select count(*) from marts.mentions) as mentions,
                (select count(*) from marts.citations) as citations,
                (select article_count from marts.topics where topic_id = 'unclassified') as unclassified,
                (select count(*) from marts.stories) as stories,
                (select count(*) from marts.rejections) as rejections""",
        )
    )
    for role, seed in (("outlet", "outlets"), ("agency", "agencies")):
        columns, rows = query(
            database,
            f"""select source_name as {role}_name, article_count from marts.sources
            where source_role = '{role}' and not is_known
            order by article_count desc, source_id limit 10""",  # noqa: S608
        )
        if rows:
            say(f"\n{seed} that seeds/{seed}.csv does not know yet")
            print_table(columns, rows)


def _one(database: Path, sql: str) -> Any:
    return query(database, sql)[1][0][0]


def _ago(seconds: float) -> str:
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
