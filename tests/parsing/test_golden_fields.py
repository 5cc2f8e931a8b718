"""What stands in a source beside what must be read from it: one file of pairs per module of flows/parsing."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows import parsing
from flows.parsing import (
    agencies,
    authors,
    datelines,
    dates,
    edge_lines,
    html,
    items,
    languages,
    outlets,
    page_copies,
    page_leads,
    page_places,
    text,
    titles,
    urls,
)
from flows.records import Document

GOLDEN = Path(__file__).parent / "golden_fields"
TODAY = date(2026, 1, 1)


def page(source: str) -> html.Page:
    found = html.read_page(source, None, TODAY)
    assert isinstance(found, html.Page)
    return found


def agency(found: list[str]) -> str | None:
    dateline = datelines.dateline_of(found[0])
    credited = agencies.article_agency(None, found, dateline.credit if dateline else "", [], [])
    return credited.agency_id if credited else None


def dateline(found: str) -> list[str] | None:
    said = datelines.dateline_of(found)
    return [said.place, said.credit] if said else None


def near(source: str) -> list[list[Any]]:
    found = page_places.near_headline(html.read_tree(source), "Ferry runs again")
    return [[n.steps, n.element.text] for n in found if n.is_read and n.steps <= 1 and n.element.text]


def lead(found: list[str]) -> str | None:
    source, text_of_page = found
    tree = html.read_tree(source)
    descriptions = [meta.get("content") for meta in tree.iter("meta")]
    return page_leads.page_lead(tree, descriptions, text_of_page)


def item(found: dict[str, Any]) -> list[Any]:
    read = items.item_of(Document("a.xml", 1, "newsml_g2", found), TODAY)
    updated = read.updated_at.isoformat() if read.updated_at else None
    return [read.version_number, updated, read.urgency, read.is_correction, list(read.topic_ids)]


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


READ: dict[str, Callable[[Any], Any]] = {
    "agencies": agency,
    "authors": lambda found: list(authors.author_names(found)),
    "datelines": dateline,
    "dates": lambda found: day(dates.stated_date(found, TODAY)),
    "edge_lines": lambda found: [[line.place, line.needed_share] for line in edge_lines.edge_lines(found)],
    "html": lambda found: [(p := page(found)).title, p.sitename, p.url, p.language],
    "items": item,
    "languages": languages.text_language,
    "outlets": lambda found: outlets.notice_outlet([found]),
    "page_authors": lambda found: list(page(found).authors),
    "page_copies": lambda found: page_copies.cut_page(found, TODAY)[0],
    "page_dates": lambda found: [day((p := page(found)).published_on), p.published_basis],
    "page_leads": lead,
    "page_places": near,
    "text": text.repair,
    "titles": lambda found: titles.page_title(found[0], [], found[1], {"harbour courier"}),
    "urls": urls.article_url,
}


def test_every_module_has_its_pairs() -> None:
    modules = {path.stem for path in Path(parsing.__file__).parent.glob("[!_]*.py")}
    assert modules == set(READ) == {path.stem for path in GOLDEN.glob("*.json")}


@pytest.mark.parametrize("module", sorted(READ))
def test_what_is_found_gives_what_is_expected(module: str) -> None:
    pairs = json.loads((GOLDEN / f"{module}.json").read_text("utf-8"))
    assert pairs
    for pair in pairs:
        assert READ[module](pair["found"]) == pair["gives"], pair["found"]
