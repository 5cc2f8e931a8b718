"""What a page says of its article: one small page per rule that somebody could get wrong again."""

from datetime import date

import pytest

from flows.parsing import html
from flows.parsing.agencies import closing_agency, opening_credit
from flows.parsing.dates import shown_date, stated_date
from flows.parsing.html import Page, read_page
from flows.parsing.text import strip_chrome

TODAY = date(2026, 1, 1)
TEXT = "<p>" + "The ferry crossed the bay on time for the first week since the spring storms. " * 8 + "</p>"


def page(body: str, head: str = "", url: str | None = None, lang: str = "de") -> Page:
    found = read_page(
        f"<html lang={lang}><head><title>Ferry runs again</title>{head}</head><body>{body}</body></html>",
        url,
        TODAY,
    )
    assert isinstance(found, Page)
    return found


def article(around_headline: str, **more: str) -> Page:
    return page(f"<article><h1>Ferry runs again</h1>{around_headline}{TEXT}</article>", **more)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


PUBLISHED = "article:published_time"


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        # a day in UTC gives way to the local day beside it, if the clock allows for that
        (meta(PUBLISHED, "2019-05-04T03:10:00+00:00"), "<p>3 May 2019</p>", (2019, 5, 3)),
        (meta(PUBLISHED, "2019-05-04T23:00Z"), "<p>5. Mai 2019</p>", (2019, 5, 5)),
        (meta(PUBLISHED, "2019-05-04T14:10:00Z"), "<p>3 May 2019</p>", (2019, 5, 4)),
        (meta(PUBLISHED, "2019-05-04T03:10:00+02:00"), "<p>3 May 2019</p>", (2019, 5, 4)),
        # a generic field is often the day of a change
        (meta("date", "2019-05-09"), "<time datetime=2019-05-04>4.5.</time>", (2019, 5, 4)),
        (meta("article:modified_time", "2019-05-09"), "<p>04.05.2019 | 10:15 Uhr</p>", (2019, 5, 4)),
        ("", "<i itemprop=dateModified>2019-05-09</i><i itemprop=datePublished>2019-05-04</i>", (2019, 5, 4)),
        ("", "<p>Aktualisiert: 9. Mai 2019</p><p>Erschienen: 4. Mai 2019</p>", (2019, 5, 4)),
        ("", "<p>26 | 01 | 2019</p>", (2019, 1, 26)),
        # numbers that two could read differently: the page's language decides
        (meta("date", "11/01/2019 12:43"), "<p>01.11.2019</p>", (2019, 11, 1)),
        ("", "<p>04/05/2019</p>", (2019, 5, 4)),
    ],
)
def test_day_of_a_page(head: str, line: str, expected: tuple[int, int, int]) -> None:
    assert article(line, head=head).published_on == date(*expected)


def test_days_beside_the_article_are_not_its_own() -> None:
    assert article("").published_on is None
    comments = '<div class="comment-list"><p>3. Mai 2019</p></div>'
    teaser = '<div class="teaser"><time datetime=2019-05-02>gestern</time></div>'
    assert article(comments + teaser + "<p>5. Mai 2019</p>").published_on == date(2019, 5, 5)
    style = '<link rel=stylesheet href="/style.css?v=2019-06-15">'
    assert article("", head=style).published_on is None
    wrapped = (
        f'<div class="no-sidebar sidebar-right">{"<h1>Ferry runs again</h1><p>5. Mai 2019</p>"}{TEXT}</div>'
    )
    assert page(wrapped).published_on == date(2019, 5, 5)


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("le 07 mai 2020", "fr", (date(2020, 5, 7), False)),
        ("Actualizado el 3 de diciembre de 2019", "es", (date(2019, 12, 3), True)),
        ("04/05/2019", "en-US", (date(2019, 4, 5), False)),
        ("04/05/2019", "en-GB", (date(2019, 5, 4), False)),
        ("04/05/2019", "en", (None, False)),
        ("28.09.19", "de", (date(2019, 9, 28), False)),
        ("Vol. 37, Issue 65, pp. 260, 15 January 2019", "en", (None, False)),
        ("The bridge that fell on 4 May 2019 had been checked a month before", "en", (None, False)),
    ],
)
def test_printed_days(line: str, language: str, expected: tuple[date | None, bool]) -> None:
    assert shown_date(line, language, TODAY) == expected


def test_months_in_other_languages() -> None:
    days = ("4 czerwca 2019", "4 июня 2019", "4 haziran 2019", "4. kesäkuuta 2019", "4 giugno 2019")
    assert {stated_date(day, TODAY) for day in days} == {date(2019, 6, 4)}


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        (meta("author", "admin7"), '<p>Von <a href="/autoren/ann-lee/">Ann Lee</a></p>', ("Ann Lee",)),
        (meta("author", "Ann Lee"), "<p>Von Ann Lee und Bo Ek</p>", ("Ann Lee", "Bo Ek")),
        (meta("author", "Ann Lee"), "<p>Foto von Cy Dunn</p>", ("Ann Lee",)),
        ("", "<p>Eine Kolumne von Ann Lee</p>", ("Ann Lee",)),
        ("", "<small>04.02.2022 | 13:10 Uhr | Ann Lee</small>", ("Ann Lee",)),
        ("", "<p>Posted in Ships by annlee on May 4, 2019</p>", ("annlee",)),
        ("", '<p><a rel=author href="/x">Harbourcat</a></p>', ("Harbourcat",)),
        ("", "<p>Von Anfang an war die Brücke zu</p>", ()),
        ("", '<div class="comments"><p>By Cy Dunn</p></div>', ()),
        (meta("twitter:label1", "Written by") + meta("twitter:data1", "Ann Lee"), "", ("Ann Lee",)),
    ],
)
def test_authors_of_a_page(head: str, line: str, expected: tuple[str, ...]) -> None:
    assert article(line, head=head).authors == expected


def test_agency_credits_at_the_edges() -> None:
    assert opening_credit("Dec 29 (Reuters) - The ferry runs") == "Reuters"
    several = "It sailed at noon. (Reporting by A. Roe; Additional reporting by B. Ek; Editing by C. Desk.)"
    found = closing_agency([several])
    assert found is not None and found.agency_id == "reuters"
    assert closing_agency(["Her reporting by boat; then editing by hand, took a year."]) is None


def test_labels_that_lead_elsewhere_go_wherever_they_stand() -> None:
    kept, taken = strip_chrome(["It sailed.", "Lea también: Otro barco", "It came back.", "Then it rained."])
    assert (kept, taken) == (
        ["It sailed.", "It came back.", "Then it rained."],
        ["Lea también: Otro barco"],
    )


def test_text_that_precision_loses_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = {(True, False): 350, (True, True): 400, (False, False): 2000}
    monkeypatch.setattr(html, "_extract", lambda tree, precise, compare: "x" * lengths[precise, compare])
    paragraphs = "<p>" + "The boat sailed past the pier at noon. " * 5
    assert len(article(paragraphs * 9).text) == 2000
    assert len(article("").text) == 400  # the page has no more than that: nothing was lost
    lengths[False, False] = 500
    assert len(article(paragraphs * 9).text) == 400
    lengths[True, False] = 700
    assert len(article("").text) == 700  # enough: no other extractor is asked


DESCRIBED = '<meta name="description" content="The ferry sails on time again, a week after the storm ...">'
LEAD = "The ferry sails on time again, a week after the storm that broke the pier."


@pytest.mark.parametrize(
    ("header", "has_lead"),
    [
        (f'<header><h1>Ferry runs again</h1><p class="x">{LEAD}</p></header>', True),
        (f'<h1>Ferry runs again</h1><div class="teaser-text"><b>{LEAD}</b></div>', True),
        (f"<header><h1>Ferry runs again</h1><h2>{LEAD}</h2></header>", False),  # a second headline
        (f'<h1>Ferry runs again</h1><div class="dek"><p>{LEAD}</p></div>', False),
        ("<header><h1>Ferry runs again</h1><p>The ferry sails on time again to Malta.</p></header>", False),
    ],
)
def test_lead_above_the_text(header: str, has_lead: bool) -> None:
    found = page(f"{header}<article>{TEXT}</article>", head=DESCRIBED)
    assert (found.text.split("\n")[0] == LEAD) == has_lead
    assert found.text.count(LEAD) == has_lead


def test_a_page_that_is_all_one_label_has_no_day() -> None:
    found = read_page(f"<label>{TEXT}</label>", None, TODAY)
    assert isinstance(found, Page) and found.published_basis == "none"


def test_what_follows_the_text_is_no_lead() -> None:
    below = page(f"<h1>Ferry runs again</h1><article>{TEXT}</article><div>{LEAD}</div>", head=DESCRIBED)
    assert LEAD not in below.text
