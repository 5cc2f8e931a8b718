"""What each rule of the entities gains on gold: the rules run with and without it, in this process.

    python -m benchmarks.entity_rules FOLDER [SET ...]

`FOLDER` holds gold sets as `SET.jsonl.gz`, one case a line: `content` (the article as a text file) and
`gold.mentions` ([surface, type] pairs of persons, organizations and places). A rule is left out by putting
a function in its place that changes nothing; the model runs once.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.quality import RULES as FIGURES
from benchmarks.quality import write_page
from flows.annotating import entity_bodies, entity_rules, person_rules, place_rules
from flows.annotating.batch_engine import default_engine
from flows.annotating.engine import Recognition
from flows.annotating.entities import recognized
from flows.annotating.entity_gazetteer import Gazetteer
from flows.parsing import parse_document
from flows.records import Article, Document, Text

KINDS = ("person", "organization", "place")
SETS = ("ner-worldwide", "ner-conll2003")

MODULES = (entity_bodies, entity_rules, person_rules, place_rules)
# In the order in which they run; what a rule gives when it does nothing.
RULES: dict[str, Callable[..., Any]] = {
    "cut_at_newlines": lambda tokens, findings: findings,
    "drop_furniture": lambda tokens, findings, gazetteer: findings,
    "trim_edges": lambda tokens, findings: findings,
    "split_names": lambda tokens, findings, gazetteer: findings,
    "trim_numbers": lambda tokens, findings: findings,
    "drop_without_capital": lambda tokens, findings: findings,
    "trim_party_tags": lambda tokens, findings, gazetteer: findings,
    "drop_currency": lambda tokens, findings: findings,
    "drop_members": lambda tokens, findings, gazetteer: findings,
    "trim_titles": lambda tokens, findings, gazetteer: findings,
    "part_at_titles": lambda tokens, findings, gazetteer: findings,
    "part_at_datelines": lambda tokens, findings, gazetteer: findings,
    "trim_offices": lambda tokens, findings, gazetteer: findings,
    "extend_particles": lambda tokens, findings, gazetteer: findings,
    "complete_hyphens": lambda tokens, findings, gazetteer: findings,
    "complete_initials": lambda field: None,
    "complete_saints": lambda field: None,
    "complete_committees": lambda field, gazetteer: None,
    "complete_parties": lambda field, gazetteer: None,
    "complete_offices": lambda field, gazetteer: None,
    "complete_bodies": lambda field, gazetteer: None,
    "complete_known_names": lambda field, gazetteer: None,
    "complete_surnames_first": lambda field, gazetteer: None,
    "look_up": lambda fields, gazetteer: None,
    "part_joined_names": lambda fields, gazetteer: None,
    "name_commonwealths": lambda fields, gazetteer: None,
    "type_by_head": lambda fields, gazetteer: None,
    "drop_small_acronyms": lambda fields, gazetteer: None,
    "introduced_acronyms": lambda fields, gazetteer: {},
    "storms": lambda fields, gazetteer: {},
    "one_type_per_name": lambda fields, gazetteer: None,
    "places_without_apostrophe": lambda fields, gazetteer: None,
    "drop_common_words": lambda fields: None,
    "lone_persons": lambda fields, gazetteer: None,
    "politicians": lambda fields, gazetteer: None,
    "persons_named_like_places": lambda fields, gazetteer: None,
    "teams_named_by_place": lambda fields, gazetteer: None,
    "drop_divisions": lambda field: None,
    "propagate": lambda fields, gazetteer: None,
    "drop_subjects": lambda fields, gazetteer: None,
    "name_bodies": lambda fields, gazetteer: None,
}

Case = tuple[Recognition, list[list[str]]]


def main() -> None:
    """Measure every rule on the sets named (or on both) and write its page and docs/entity_rules.json."""
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        raise SystemExit("entity_rules: give the folder of the gold sets, as in: ... entity_rules sets/")
    folder, names = Path(sys.argv[1]), sys.argv[2:] or SETS
    engine = default_engine()
    gazetteer = Gazetteer(engine.tokenize)
    figures: dict[str, dict[str, float]] = {name: {} for name in ("all rules", "no rule", *RULES)}
    for name in names:
        cases = list(_cases(folder / f"{name}.jsonl.gz", engine.recognize))
        whole = f1(cases, gazetteer)
        figures["all rules"][name] = whole
        with without(*RULES):
            figures["no rule"][name] = f1(cases, gazetteer)
        for rule in RULES:
            with without(rule):
                figures[rule][name] = round(whole - f1(cases, gazetteer), 4)
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    write_page()
    for rule, gains in figures.items():
        print(f"{rule:24}", *(f"{gain:+.4f}" for gain in gains.values()))


@contextmanager
def without(*rules: str) -> Iterator[None]:
    """Within, these rules do nothing."""
    homes = {rule: next(module for module in MODULES if hasattr(module, rule)) for rule in rules}
    kept = {rule: getattr(home, rule) for rule, home in homes.items()}
    for rule, home in homes.items():
        setattr(home, rule, RULES[rule])
    try:
        yield
    finally:
        for rule, home in homes.items():
            setattr(home, rule, kept[rule])


def f1(cases: list[Case], gazetteer: Gazetteer) -> float:
    """Micro F1 of (surface, type), counted per article as a multiset; four decimals."""
    right = guessed = wanted = 0
    for recognition, gold in cases:
        found = Counter(
            (_surface(mention.mention_text), mention.entity_type)
            for mention in recognized([recognition], gazetteer).texts[0].mentions
            if mention.entity_type in KINDS
        )
        sought = Counter((_surface(text), kind) for text, kind in gold if kind in KINDS)
        right += sum((found & sought).values())
        guessed += sum(found.values())
        wanted += sum(sought.values())
    return round(2 * right / (guessed + wanted), 4) if guessed + wanted else 0.0


def _cases(path: Path, recognize: Callable[[list[Text]], Iterator[Recognition]]) -> Iterator[Case]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts, gold = [], []
    for row in rows:
        document = Document(row["file_name"], 1, "txt", {"text": row["content"]})
        article = parse_document(document, date(2026, 1, 1))
        if isinstance(article, Article):
            texts.append(Text(article.text_hash, article.title or "", article.text, "en"))
            gold.append(row["gold"]["mentions"])
    yield from zip(recognize(texts), gold, strict=True)


def _surface(text: str) -> str:
    plain = unicodedata.normalize("NFKC", re.sub(r"(?<=\w)\.", "", text)).casefold()
    plain = re.sub(r"\s+", " ", re.sub(r"[^\w\s]", " ", plain)).strip()
    return re.sub(r"^the ", "", re.sub(r"\s+s$", "", plain))


if __name__ == "__main__":
    main()
