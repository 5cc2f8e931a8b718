"""Masthead, menus and what follows the article go; an article without furniture stays as it is."""

from datetime import date

import pytest

from flows.parsing import parse_document
from flows.parsing.page_copies import cut_page
from flows.records import Article, Document

TODAY = date(2026, 11, 23)
PROSE = (
    "The town council of Varna voted on Monday to rebuild the harbour wall, which a storm had broken "
    "in two places in the last week of September."
)
HEADLINE = "Varna council votes to rebuild the harbour wall"


def test_what_stands_around_the_article_of_a_page_goes() -> None:
    page = ["Black Sea Post", "Home | News | Sport", "Share this article", HEADLINE, PROSE]
    page += ["(AFP)", "Related stories", "Storm closes the beach", "Back To Top"]
    kept, taken = cut_page(page, TODAY)
    assert kept == [HEADLINE, PROSE, "(AFP)"]
    assert taken == page[:3] + page[6:]


def test_a_deck_below_the_headline_is_no_headline() -> None:
    deck = "After the storm: two gaps, four months, and a bill nobody has seen yet"
    kept, _ = cut_page(["Black Sea Post", "Skip to main content", HEADLINE, deck, PROSE], TODAY)
    assert kept[0] == HEADLINE


@pytest.mark.parametrize(
    "found",
    [
        [HEADLINE, "By Elena Petrova", PROSE],
        ["Notes", "First of four things to know", "Second of four things to know"],
        [PROSE, "A short last line without a full stop"],
    ],
)
def test_without_furniture_nothing_is_cut(found: list[str]) -> None:
    assert cut_page(found, TODAY) == (found, [])


def test_a_credit_below_the_furniture_is_still_the_credit() -> None:
    text = (
        f"Black Sea Post\nLog in | Subscribe\n\n{HEADLINE}\n\n{PROSE}\n\nRelated stories\nMore\n\nSource: dpa"
    )
    article = parse_document(Document("a.txt", 1, "text", {"text": text}), TODAY)
    assert isinstance(article, Article)
    assert (article.title, article.text, article.agency_id) == (HEADLINE, PROSE, "dpa")


@pytest.mark.parametrize(
    ("masthead", "outlet", "day"),
    [
        ("The Harbour Courier", "The Harbour Courier", None),
        ("VARNA GAZETTE", "Varna Gazette", None),
        ("The Bay Times, 4 May 2019", "The Bay Times", date(2019, 5, 4)),
        ("The Bay Times | 4 May 2019", "The Bay Times", date(2019, 5, 4)),
        ("El Correo de Varna", "El Correo de Varna", None),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_masthead_is_the_outlet_and_no_title(
    masthead: str, outlet: str, day: date | None, gap: str
) -> None:
    text = gap.join((masthead, HEADLINE, "By Elena Petrova", PROSE))
    article = parse_document(Document("a.txt", 1, "text", {"text": text}), TODAY)
    assert isinstance(article, Article)
    assert (article.title, article.text, article.outlet_name) == (HEADLINE, PROSE, outlet)
    assert article.published_on == day


@pytest.mark.parametrize(
    ("title", "below"),
    [
        ("Hard Times", "Workers wait at the harbour for a ship"),  # a headline and its deck
        ("The Bay Times", "By Elena Petrova"),
        ("The Harbour Courier", PROSE),  # nothing else could be the headline
    ],
)
def test_a_headline_is_no_masthead(title: str, below: str) -> None:
    text = f"{title}\n\n{below}\n\n{PROSE}"
    article = parse_document(Document("a.txt", 1, "text", {"text": text}), TODAY)
    assert isinstance(article, Article)
    assert (article.title, article.outlet_name) == (title, None)
