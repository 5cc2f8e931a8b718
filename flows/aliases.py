"""Who is who, decided by people: the open candidates, and the decisions in `seeds/entity_aliases.csv`.

A decision is a row, so it can be reviewed, undone by deleting it, and outlives every rebuild.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.reading.inputs import InputError
from flows.tables import console, printable
from flows.versions import PROJECT
from warehouse.query import query

SEED = PROJECT / "seeds" / "entity_aliases.csv"
COLUMNS = ("alias", "entity_type", "entity_name", "is_same", "note", "decided_by", "decided_on")
CONTEXT_CHARS = 60  # before the name in an example

_CANDIDATES = """
    select
        candidates.*,
        targets.article_count as entity_article_count,
        targets.text_count as entity_text_count,
        targets.mention_count as entity_mention_count
    from marts.alias_candidates as candidates
    inner join marts.entities as targets using (entity_id)
    order by moved_article_count desc, merged_article_count desc, alias_entity_id, entity_id
"""
_EXAMPLE = """
    select
        substr(
            if(mentions.field = 'title', articles.title, articles.text),
            greatest(mentions.start_char - {before}, 0) + 1, 2 * {before} + 40
        ) as example
    from marts.mentions
    inner join marts.articles using (article_id)
    where mentions.entity_id = {entity_id}
    order by mentions.field, mentions.mention_id
    limit 1
"""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity of the published warehouse and a spelling of it that moves all of it."""

    entity_id: str
    entity_type: str
    name: str


def print_candidates(database: Path, limit: int) -> None:
    """Print the open candidates that would move most, with what accepting each would change."""
    say = console().print
    names, rows = query(database, _CANDIDATES)
    if not rows:
        say("no open candidates: no two entities look like one that rules or people have not decided on")
        return
    for values in rows[:limit]:
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        alias, name = printable(row["alias_name"]), printable(row["entity_name"])
        say(
            f"{alias} -> {name}   ({row['entity_type']}, {row['candidate_reason']}, "
            f"{row['shared_count']:,} names in common)"
        )
        say(
            f"    moves {_count(row['moved_article_count'], 'article')}, "
            f"{_count(row['moved_mention_count'], 'mention')}; {name} goes from "
            f"{row['entity_article_count']:,} to {row['merged_article_count']:,} articles, "
            f"{row['entity_text_count']:,} to {row['merged_text_count']:,} texts, "
            f"{row['entity_mention_count']:,} to {row['merged_mention_count']:,} mentions"
        )
        for key in ("alias_entity_id", "entity_id"):
            sql = _EXAMPLE.format(before=CONTEXT_CHARS, entity_id=_quoted(row[key]))
            example = query(database, sql)[1]
            if example:
                say(f"    {_on_one_line(example[0][0])}")
        say(f"    newsmill aliases accept {_word(row['alias_entity_id'])} {_word(row['entity_id'])}\n")
    say(f"{min(limit, len(rows)):,} of {len(rows):,} open candidates; accept what is one, reject what is two")


def decide(database: Path, alias: str, entity: str, is_same: bool, decided_by: str, note: str) -> str:
    """Write the decision whether two entities are one; says what was written.

    Raises InputError when one of them is not in the warehouse, or they are of two types or one already.
    """
    one, other = find_entity(database, alias), find_entity(database, entity)
    if one.entity_type != other.entity_type:
        raise InputError(
            f"{one.entity_id} and {other.entity_id} are of two types; only entities of one type can be one"
        )
    if one.entity_id == other.entity_id:
        if is_same:
            raise InputError(f"{one.entity_id} is one entity already")
        raise InputError(
            f"both are {one.entity_id} now. To part them give the two spellings, "
            "as they are in marts.entity_aliases"
        )
    write_decision(one, other, is_same, decided_by, note)
    verb = "is" if is_same else "is not"
    return f"{SEED}: {one.name} {verb} {other.name} ({one.entity_type}), says {decided_by}"


def part_spellings(database: Path, alias: str, entity: str, decided_by: str, note: str) -> str | None:
    """Write that two spellings of one entity are two entities; None when they are not of one.

    The spellings are given as `marts.entity_aliases` has them.
    """
    sql = f"""
        select distinct one.entity_type
        from staging.entity_names as one
        inner join staging.entity_names as other on one.entity_id = other.entity_id
        inner join staging.name_keys as one_keys on one.name = one_keys.name
        inner join staging.name_keys as other_keys on other.name = other_keys.name
        where one.name = {_quoted(alias)} and other.name = {_quoted(entity)}
            and one_keys.name_key != other_keys.name_key
    """  # noqa: S608
    rows = query(database, sql)[1]
    if len(rows) != 1:
        return None
    entity_type = rows[0][0]
    write_decision(Named("", entity_type, alias), Named("", entity_type, entity), False, decided_by, note)
    return f"{SEED}: {alias} is not {entity} ({entity_type}), says {decided_by}"


def find_entity(database: Path, text: str) -> Named:
    """The entity of the published warehouse with this id or name; raises InputError for none or several."""
    sql = f"""
        select distinct
            entities.entity_id,
            entities.entity_type,
            coalesce(
                min(names.name) filter (
                    where split_part(entities.entity_id, ':', 2) = replace(name_keys.name_key, ' ', '-')
                ),
                entities.entity_name
            ) as name
        from marts.entities
        left join staging.entity_names as names on entities.entity_id = names.entity_id
        left join staging.name_keys on names.name = name_keys.name
        where entities.entity_id = {_quoted(text)}
            or lower(entities.entity_name) = lower({_quoted(text)})
            or entities.entity_id in (
                select entity_id
                from marts.entity_aliases
                where alias = {_quoted(text)}
            )
        group by entities.entity_id, entities.entity_type, entities.entity_name
        order by all
    """  # noqa: S608
    found = [Named(*row) for row in query(database, sql)[1]]
    exact = [entity for entity in found if entity.entity_id == text] or found
    if not exact:
        raise InputError(f"no entity is called {text!r}: give an id or a name of marts.entities")
    if len(exact) > 1:
        ids = ", ".join(entity.entity_id for entity in exact[:6])
        raise InputError(f"{text!r} may be {len(exact)} entities; give one of these ids: {ids}")
    return exact[0]


def write_decision(one: Named, other: Named, is_same: bool, decided_by: str, note: str) -> None:
    """Put the decision into the seed in place of an earlier one on the same pair; the file stays whole."""
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pair = {one.name, other.name}
    kept = [
        row
        for row in rows
        if row["entity_type"] != one.entity_type or {row["alias"], row["entity_name"]} != pair
    ]
    decision = (
        one.name,
        one.entity_type,
        other.name,
        str(is_same).lower(),
        note,
        decided_by,
        date.today().isoformat(),
    )
    kept.append(dict(zip(COLUMNS, decision, strict=True)))
    building = SEED.with_name(f".{SEED.name}.{os.getpid()}")
    with building.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    building.replace(SEED)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _on_one_line(text: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f'"... {plain} ..."'


def _word(entity_id: str) -> str:
    """An id as a word of a shell."""
    return entity_id if all(c.isalnum() or c in ":-" for c in entity_id) else f"'{entity_id}'"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
