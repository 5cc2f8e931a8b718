"""One test per rule that somebody could get wrong again, field by field."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.parsing import parse_document
from flows.parsing.agencies import agency_named, closing_agency, opening_credit, title_credit
from flows.parsing.authors import author_names, byline_authors
from flows.parsing.datelines import dateline_of
from flows.parsing.dates import publication_date, stamp_date, stated_date, url_date
from flows.parsing.html import decode_page
from flows.parsing.languages import plain_language, stated_language, text_language
from flows.parsing.outlets import notice_outlet
from flows.parsing.text import paragraphs, repair, strip_chrome
from flows.parsing.titles import page_title, without_markers, without_site
from flows.parsing.urls import article_url, url_domain
from flows.records import Article, Document, Reason, Rejection

TODAY = date(2026, 1, 1)
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def parse(**fields: Any) -> Article | Rejection:
    return parse_document(Document("in.json", 3, "jsonl", fields), TODAY)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, Reason.NO_TEXT_FIELD),
        ({"text": " \n\t "}, Reason.EMPTY),
        ({"text": "Two words"}, Reason.TOO_SHORT),
        ({"html": b"  "}, Reason.EMPTY),
        ({"html": "x" * 8_000_001}, Reason.TOO_LARGE),
        ({"html": "<html><body>" + "<p>a" * 40_001}, Reason.TOO_LARGE),
        (
            {"html": "<body><form><input name=user><button>Log in</button></form>"},
            Reason.NO_ARTICLE,
        ),
        (
            {"html": "<body><ul><li><a href=/a>News</a><li><a href=/b>Sport</a>"},
            Reason.NO_ARTICLE,
        ),
    ],
)
def test_no_article_says_why(fields: dict[str, Any], reason: Reason) -> None:
    found = parse(**fields)
    assert isinstance(found, Rejection)
    assert (found.reason, found.file_path, found.record_number) == (reason, "in.json", 3)


def test_stated_fields_come_before_what_the_text_says() -> None:
    found = parse(
        text="Ferry runs again\n\nBy Ann Lee\n\nThe ferry crossed the bay on Monday, a first since May.",
        title="Ferry runs again",
        date="2020-02-29T23:10:00Z",
        url="HTTPS://News.Example.co.uk/ferry?fbclid=1&id=7#c",
        outlet="Bay Post",
        language="eng",
        authors=["Bo Ek", "Bay Post"],
    )
    assert isinstance(found, Article)
    assert (found.title, found.text.split()[0]) == ("Ferry runs again", "The")
    assert (found.published_on, found.published_basis) == (date(2020, 2, 29), "metadata")
    assert (found.url, found.outlet_domain) == ("https://news.example.co.uk/ferry?id=7", "example.co.uk")
    assert (found.outlet_name, found.language_code, found.authors) == ("Bay Post", "en", ("Bo Ek",))


def test_headline_without_text_is_kept() -> None:
    found = parse(title="Bridge opens a year early", text="")
    assert isinstance(found, Article)
    assert (found.title, found.text) == ("Bridge opens a year early", "")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("One ended., ,  The next began., , ,  , ,", ["One ended.", "The next began."]),
        ("Tea, coffee, and milk, she said.", ["Tea, coffee, and milk, she said."]),
        ("<p>Caf\u00e9 &amp; bar</p><p>It&#39;s <b>open</b></p>", ["Caf\u00e9 & bar", "It's open"]),
        ("Shares of Foo <FOO.N> rose 2 < 3 pct", ["Shares of Foo <FOO.N> rose 2 < 3 pct"]),
        ("It cost Â£5 â€“ a â€œbargainâ€\x9d", ["It cost £5 – a “bargain”"]),
        ("Cafe\u0301 co\u00adoperative\u200b\u00a0opens", ["Caf\u00e9 cooperative opens"]),
        ("Cafe&#769; co&#13;o<b></b>\u0308p Cafe\u200b\u0301", ["Caf\u00e9 co", "\u00f6p Caf\u00e9"]),
        ("Spain #39;s king", ["Spain's king"]),
        ("First line ends here.\r\nSecond line\rThird", ["First line ends here.", "Second line", "Third"]),
        ("curly “quotes” stay ‘so’…", ["curly “quotes” stay ‘so’…"]),
    ],
)
def test_text_as_found_becomes_paragraphs(raw: str, expected: list[str]) -> None:
    assert paragraphs(repair(raw)) == expected


def test_chrome_goes_and_text_that_looks_like_it_stays() -> None:
    kept, taken = strip_chrome(
        ["Menu", "More than half stayed.", "Advertisement", "Share prices fell.", "Read more: Rain", "Share"]
    )
    assert kept == ["More than half stayed.", "Share prices fell."]
    assert sorted(taken) == ["Advertisement", "Menu", "Read more: Rain", "Share"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2019-12-16T10:00:00+09:00", date(2019, 12, 16)),
        ("Mon, 16 Dec 2019 10:00:00 GMT", date(2019, 12, 16)),
        ("Dec. 16, 2019", date(2019, 12, 16)),
        ("20191216", date(2019, 12, 16)),
        (1576454400, date(2019, 12, 16)),
        ("16.12.2019", date(2019, 12, 16)),
        ("12/16/2019", date(2019, 12, 16)),
        ("16 décembre 2019", date(2019, 12, 16)),
        ("2019年12月16日", date(2019, 12, 16)),
        (datetime(2019, 12, 16, 23), date(2019, 12, 16)),
        ("04/05/2019", None),  # April or May
        ("05/05/2019", date(2019, 5, 5)),
        ("2019-12", None),
        ("December 2019", None),
        ("Monday", None),
        ("2019-02-30", None),
        ("2026-01-02", date(2026, 1, 2)),  # already tomorrow somewhere
        ("2026-01-03", None),
        ("1599-12-31", None),
        (True, None),
    ],
)
def test_a_date_is_stated_in_full_or_not_at_all(value: Any, expected: date | None) -> None:
    assert stated_date(value, TODAY) == expected


def test_date_in_url() -> None:
    assert url_date("https://a.example/news/2019/12/16/story-20200101.html", TODAY) == date(2019, 12, 16)
    assert url_date("https://a.example/world/2019-12/16/story.html", TODAY) == date(2019, 12, 16)
    assert url_date("https://a.example/item/20191216/", TODAY) == date(2019, 12, 16)
    assert url_date("https://a.example/2019/12/story-16", TODAY) is None
    assert url_date("https://2019-12-16.example/story", TODAY) is None


def test_stamps_stand_alone() -> None:
    assert stamp_date("Some Agency | Updated: 2017-09-15 17:52", TODAY) == (date(2017, 9, 15), "updated")
    assert stamp_date("Published: 09:15 GMT, 4 January 2019", TODAY)[0] == date(2019, 1, 4)
    assert stamp_date("On Monday, January 4, 2019, the bridge fell", TODAY)[0] is None
    assert stamp_date("January 4", TODAY)[0] is None
    both = [(date(2019, 1, 5), "updated"), (date(2019, 1, 4), "published")]
    assert publication_date(None, None, "", both, TODAY) == (date(2019, 1, 4), "text")
    assert publication_date("soon", "https://a.example/x", "SEOUL, Dec. 16 --", [], TODAY) == (None, "none")


@pytest.mark.parametrize(
    ("paragraph", "place", "credit"),
    [
        ("NEW DELHI: The ministry said on Monday that", "New Delhi", ""),
        ("GENEVA (Reuters) - Talks resumed", "Geneva", "Reuters"),
        ("BEIJING -- China said", "Beijing", ""),
        ("SALVADOR, Feb 26 - Showers continued", "Salvador", ""),
        ("Des Moines, Iowa (CNN) Ground zero for", "Des Moines, Iowa", "CNN"),
        ("RIO DE JANEIRO, March 3 (AP) _ A bus", "Rio de Janeiro", "AP"),
        ("Canadian Press - OTTAWA (CP) - A minister", "Ottawa", "CP"),
        ("WASHINGTON, D.C. - The vote", "Washington, D.C.", ""),
        ("LONDON, 4 May 2019 /PRNewswire/ -- A firm", "London", "PRNewswire"),
        ("TORONTO, May 4, 2019 /Some Wire/ - A firm", "Toronto", "Some Wire"),
        ("SAN FRANCISCO--(BUSINESS WIRE)--A firm", "San Francisco", "BUSINESS WIRE"),
        ("Lyon, France--(Newsfile Corp. - May 4, 2019) - A", "Lyon, France", "Newsfile Corp."),
        ("NEW YORK, NY / ACCESSWIRE / May 4, 2019 / A", "New York, NY", "ACCESSWIRE"),
        ("MOSCOW, October 5. /TASS/. The port", "Moscow", "TASS"),
        ("Moscow. October 5. INTERFAX.RU - The port", "Moscow", "INTERFAX.RU"),
        ("TOKYO, Nov. 3, Kyodo - The port", "Tokyo", "Kyodo"),
        ("TOKYO, Kyodo - The port", "Tokyo", "Kyodo"),
        ("PITTSBURGH, PA - The port", "Pittsburgh, PA", ""),
        ("SEOUL/TOKYO, Nov 3 (Reuters) - The", "Seoul/Tokyo", "Reuters"),
        ("Frankfurt/Main (dpa/lhe) - Der Hafen", "Frankfurt/Main", "dpa/lhe"),
        ("Madrid, 5 oct. (EFE).- El puerto", "Madrid", "EFE"),
        ("(ANSA) - ROMA, 5 OTT - Il porto", "Roma", ""),
        ("МОСКВА, 5 октября. /ТАСС/. Порт", "Москва", "ТАСС"),
        ("新华社北京10月5日电 港口重新开放", "北京", "新华社"),
        ("(서울=연합뉴스) 항구가 열렸다", "서울", "연합뉴스"),
        ("【パリ共同】港は再開した", "パリ", "共同"),
        ("(Eds: Adds details) New Delhi, Jan 3 (PTI) The port", "New Delhi", "PTI"),
        ("By Ann LeePARIS, Oct 5 (Reuters) - The port", "Paris", "Reuters"),
        ("Oct. 5 (UPI) -- The port", "", "UPI"),
        ("MONDAY, Oct. 5, 2019 (HealthDay News) -- The port", "", "HealthDay News"),
    ],
)
def test_datelines(paragraph: str, place: str, credit: str) -> None:
    found = dateline_of(paragraph)
    assert found is not None
    assert (found.place, found.credit) == (place, credit)


@pytest.mark.parametrize(
    "paragraph",
    [
        "EXCLUSIVE: The plan",
        "CRICKET - ENGLAND WIN",
        "Mr. Smith - a baker - said",
        "Russia: the facts",
        "UPDATE 1-Oil",
        "UPDATE: 5/12 - The site answers again",
        "PORT SUBSIDY TO END JULY 1 - MINISTER",
        "In London, 4 May 2019 was warm -- for May",
        "LOG IN / SUBSCRIBE / READ MORE -- and more",
        "Ann Lee (AP) - The port",
        "LYON-METZ LINE OPENS in May",
        "BANDS /LIVE/ -- tonight",
        "ABC - " * 5000,
    ],
)
def test_no_datelines(paragraph: str) -> None:
    assert dateline_of(paragraph) is None


@pytest.mark.parametrize(
    ("dateline", "day", "agency_id"),
    [
        ("LONDON, 4 May 2019 /PRNewswire/ --", date(2019, 5, 4), "ptr-prnewswire"),
        ("Lyon, France--(Newsfile Corp. - May 4, 2019) -", date(2019, 5, 4), "newsfile"),
        ("Wien, 4. Mai 2019 (APA) -", date(2019, 5, 4), "apa"),
        ("Roma, 4.5.2019 (ANSA) -", date(2019, 5, 4), "ansa"),
        ("SEOUL, Dec. 16 (Yonhap) --", None, "yonhap"),
    ],
)
def test_a_dateline_gives_its_day_and_its_agency(dateline: str, day: date | None, agency_id: str) -> None:
    found = parse(title="Ferry runs again", text=f"{dateline} The ferry crossed the bay on Monday.")
    assert isinstance(found, Article)
    assert (found.published_on, found.published_basis) == (day, "dateline" if day else "none")
    assert found.agency_id == agency_id


def test_credits_and_mentions_of_agencies() -> None:
    names = {
        name: agency_named(name) for name in ("AP", "(AFP)", "dpa/lno", "Associated Press Writer", "REUTERS")
    }
    assert [a.agency_id if a else None for a in names.values()] == ["ap", "afp", "dpa", "ap", "reuters"]
    assert agency_named("ap") is None
    assert agency_named("Mike Blake/Reuters") is None  # a photograph's
    assert title_credit("Grant for a study (AP)") == "AP"
    assert opening_credit("Reuters - Shares rose") == "Reuters"
    assert closing_agency(["He left. (Xinhua)"]) == agency_named("Xinhua")
    assert closing_agency(["(Reporting by A. Writer; Editing by B. Desk)"]) == agency_named("Reuters")
    assert closing_agency(["The plan was confirmed, an aide told AFP."]) is None
    assert closing_agency(["said the Associated Press of Pakistan (APP)."]) is None


def test_authors_are_people() -> None:
    assert author_names("By JANE ROE-PARK and Ali al-Said, Associated Press") == (
        "Jane Roe-Park",
        "Ali al-Said",
    )
    assert author_names("A. Bell, B. Cole and C. Dunn in Seoul") == ("A. Bell", "B. Cole", "C. Dunn")
    assert author_names(["Ann Lee, Staff Writer", "ann@paper.example", "Reuters", "Ann Lee"]) == ("Ann Lee",)
    assert author_names([{"@type": "Person", "name": "Ann Lee"}, {"name": "Paper GmbH"}]) == ("Ann Lee",)
    assert author_names("['Ann Lee', 'Bo Ek']") == ("Ann Lee", "Bo Ek")
    assert author_names("The Harbour Courier", {"the harbour courier"}) == ()
    assert byline_authors("By Ann Lee | Special Correspondent") == ("Ann Lee",)
    assert byline_authors("By Friday the water had gone") is None
    assert byline_authors("By Reuters") == ()


def test_urls_that_are_identities() -> None:
    assert article_url("https://a.example/x?utm_source=f&q=1#top") == "https://a.example/x?q=1"
    for home in (
        "https://a.example",
        "https://a.example/",
        "http://a.example/index.html",
        "mailto:x@a.example",
        "a.example/x",
    ):
        assert article_url(home) is None
    assert url_domain("https://web.archive.org/web/2016/http://www.edition.cnn.com/x") == "cnn.com"
    assert url_domain("http://127.0.0.1/x") is None


def test_languages() -> None:
    assert [stated_language(v) for v in ("en-GB", "DEU", "fre", "Spanish", "xx", "")] == [
        "en",
        "de",
        "fr",
        "es",
        None,
        None,
    ]
    assert text_language("Le maire a annoncé mardi que le pont serait fermé pendant deux semaines.") == "fr"
    assert text_language("市长周二宣布，这座桥将关闭两周，居民需要绕行。") == "zh"
    assert text_language("AB 12 - 7") is None


def test_a_stated_language_is_doubted_where_the_text_is_plainly_in_another() -> None:
    spanish = (
        "El alcalde anunció el martes que el puente quedará cerrado durante dos semanas y que los vecinos"
        " tendrán que buscar otro camino para llegar al puerto."
    )
    english = (
        spanish.split()[0]
        + " Alcalde, the bar at the port, is closed for two weeks, said its owner,"
        + (" who had to look for another way to the old bridge and back to the house that he has bought.")
    )
    assert plain_language("en", spanish) == "es"
    assert plain_language("en", english) == "en"
    assert plain_language("ca", spanish) == "ca"  # its words are not known here
    assert plain_language("en", "Granada 2, Sevilla 1; Cádiz 0, Murcia 0") == "en"


def test_page_titles() -> None:
    assert without_site("Rain stops play | Harbour Courier", {"harbour courier"}) == "Rain stops play"
    assert without_site("Smith - the man", {"harbour courier"}) == "Smith - the man"
    assert page_title(["Rain stops play"], [], ["Play stopped: rain - HC"], {"hc"}) == "Rain stops play"
    assert (
        page_title(["Harbour Courier"], [], ["Rain stops play today | Harbour Courier"], set())
        == "Rain stops play today"
    )
    assert page_title(["CRICKET Rain stops play"], [], ["Rain stops play", "x"], set()) == "Rain stops play"
    assert page_title([], [], [], set()) is None


def test_declared_charset_and_notices() -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert decode_page("<p>Привет</p>".encode(encoding)) == "<p>Привет</p>"
    page = "<meta charset=windows-1251><p>Привет, мир</p>".encode("cp1251")
    assert "Привет" in decode_page(page)
    assert notice_outlet(["Back To Top", "© 2026 Harbour Courier. All rights reserved"]) == "Harbour Courier"
    assert notice_outlet(["All rights reserved"]) is None


@pytest.mark.parametrize(
    ("name", "key", "codes"),
    [
        ("agencies.csv", "agency_id", "codes"),
        ("outlets.csv", "outlet_id", "domain"),
        ("page_chrome.csv", "pattern", ""),
    ],
)
def test_seeds_have_one_row_per_key(name: str, key: str, codes: str) -> None:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [(row[key], row.get("position")) for row in rows]
    assert len(set(keys)) == len(keys)
    stated = [code for row in rows if codes for code in row[codes].split("|") if code]
    assert len(set(stated)) == len(stated)


MESS = st.text(
    st.sampled_from("aA \n\r\t.,:;-–|/\\()[]<>&#'\"©@0123456789é漢\u200b\ud800\x00%"), max_size=400
)


@settings(max_examples=150, deadline=None)
@given(
    text=MESS,
    title=MESS | st.none(),
    date_=MESS | st.integers() | st.none(),
    url=MESS,
    authors=st.lists(MESS, max_size=3),
)
def test_nothing_crashes_and_what_is_said_holds(
    text: str, title: str | None, date_: Any, url: str, authors: list[str]
) -> None:
    found = parse(
        text=text, title=title, date=date_, url=url, authors=authors, outlet=url, agency=title, language=title
    )
    if isinstance(found, Article):
        (found.text + (found.title or "")).encode("utf-8")
        assert (found.published_on is None) == (found.published_basis == "none")
        assert (found.agency_id is None) == (found.agency_name is None)
        assert "\n\n\n" not in found.text and found.text == found.text.strip()
        assert found == parse(
            text=text,
            title=title,
            date=date_,
            url=url,
            authors=authors,
            outlet=url,
            agency=title,
            language=title,
        )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Rain fell on Monday over the bay.", "“We saw it,” said Ann Lee.", "It cost 5,000 pounds."]
        ),
        min_size=3,
        max_size=9,
    )
)
def test_plain_paragraphs_come_through_whole(sentences: list[str]) -> None:
    whole = "\n\n".join(f"{sentence} {sentence} {sentence}" for sentence in sentences)
    found = parse(text=whole)
    assert isinstance(found, Article)
    assert found.text == whole


@pytest.mark.parametrize(
    ("title", "kept", "flags"),
    [
        ("UPDATE 2-Bank raises offer", "Bank raises offer", ("update",)),
        ("CORRECTED-RPT-WRAPUP 1-Oil falls", "Oil falls", ("correction", "repeat", "wrapup")),
        ("RECAST-Bank raises offer", "Bank raises offer", ("recast",)),
        ("(2nd LD) Bank raises offer", "Bank raises offer", ("lead",)),
        ("Bank raises offer (Lead)", "Bank raises offer", ("lead",)),
        ("(CORRECTED) - BANK RAISES OFFER", "BANK RAISES OFFER", ("correction",)),
        ("URGENT: Bank closes", "Bank closes", ("urgent",)),
        ("UPDATE1: Bank closes", "Bank closes", ("update",)),
        # what newspapers write as well is a flag and stays
        ("Exclusive: Bank closes", "Exclusive: Bank closes", ("exclusive",)),
        ("EXCLUSIVE: Bank closes", "EXCLUSIVE: Bank closes", ("exclusive",)),
        ("EXCLUSIVE-Bank closes", "Bank closes", ("exclusive",)),
        # words, not markers
        *((t, t, ()) for t in ("Update on climate talks", "Lead-free petrol", "Pipes of lead (lead)")),
        *((t, t, ()) for t in ("URGENT-CARE CLINICS CLOSE", "LEAD 2-1 LOST AT HOME", "(UPDATE)", "UPDATE")),
    ],
)
def test_a_wire_s_markers_are_flags(title: str, kept: str, flags: tuple[str, ...]) -> None:
    assert without_markers(title) == (kept, flags)
    found = parse(title=title, text="The bank told its shareholders on Monday what nobody knew before.")
    assert isinstance(found, Article)
    assert (found.title, found.headline_flags) == (kept, flags)
    assert found.is_correction is ("correction" in flags)


def test_every_marker_has_a_flag_and_is_written_in_capitals() -> None:
    with (SEEDS / "headline_flags.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["marker"] for row in rows}) == len(rows)
    assert all(row["marker"].isupper() and row["flag"].islower() for row in rows)
    assert {row["in_headlines"] for row in rows} == {"", "small", "always"}
