"""Each format's own files, and that the same story comes out the same whatever it was written in."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from flows.parsing import items, parse_document
from flows.reading import Limits
from flows.records import Article, Document, Reason, Rejection
from tests.reading_formats import samples as s

TODAY = date(2026, 11, 1)
WIRES: dict[str, tuple[str, str | bytes]] = {
    "newsml_g2": ("a.xml", s.G2),
    "newsml": ("a.xml", s.NEWSML1),
    "nitf": ("a.nitf", s.NITF),
    "iptc7901": ("a.iptc", s.IPTC),
    "ninjs": ("a.json", s.NINJS_FILE),
    "rss": ("a.rss", s.RSS),
    "atom": ("a.atom", s.ATOM),
}


def documents(folder: Path, name: str, data: str | bytes) -> list[Document]:
    found = s.found_in(folder, name, data)
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


@pytest.mark.parametrize("format_code", WIRES)
def test_title_and_text_are_the_same_in_every_format(tmp_path: Path, format_code: str) -> None:
    first, *others = documents(tmp_path, *WIRES[format_code])
    assert first.format_code == format_code
    text = "\n\n".join(line.strip() for line in first.fields["text"].splitlines() if line.strip())
    assert {"title": first.fields["title"], "text": text} == s.CORE
    if format_code != "nitf":  # one story per file
        assert [item.fields["title"] for item in others] == [s.SECOND_TITLE]
        assert others[0].fields["text"].strip() == s.SECOND


@pytest.mark.parametrize("format_code", WIRES)
def test_a_parsed_story_has_the_same_title_day_and_agency(tmp_path: Path, format_code: str) -> None:
    document = documents(tmp_path, *WIRES[format_code])[0]
    article = parse_document(document, TODAY)
    assert isinstance(article, Article)
    assert (article.title, article.published_on, article.published_basis) == (
        *(s.TITLE, date(2026, 10, 5)),
        "metadata",
    )
    assert article.text == s.TEXT
    if format_code != "atom":  # which has no place for an agency
        assert article.agency_id == "afp"
    if format_code not in ("iptc7901",):  # which has no place for a byline
        assert article.authors == ("Ottilie Brandt",)
    if format_code in ("newsml_g2", "newsml", "nitf", "ninjs"):
        assert article.dateline_place == "Lisbon"


@pytest.mark.parametrize("format_code", ["newsml_g2", "newsml", "nitf", "ninjs"])
def test_what_the_desk_says_is_kept(tmp_path: Path, format_code: str) -> None:
    fields = documents(tmp_path, *WIRES[format_code])[0].fields
    expected = {"slugline": "lisbon-pilots", "urgency": "4", "version": "2", "status": "usable"}
    assert {name: fields[name] for name in expected} == expected
    assert fields["topics"][0] == "medtop:04000000"
    if format_code != "ninjs":
        assert fields["signal"] == "correction"


def test_ninjs_2_gives_what_ninjs_1_gives(tmp_path: Path) -> None:
    (first,) = documents(tmp_path, "a.json", json.dumps(s.NINJS))
    (second,) = documents(tmp_path, "b.jsonl", json.dumps(s.NINJS2))
    same = set(first.fields) - {"date"}
    assert {name: first.fields[name] for name in same} == {name: second.fields[name] for name in same}
    assert second.format_code == "ninjs"


def test_g2_body_in_nitf_gives_its_fields_where_the_item_has_none(tmp_path: Path) -> None:
    item = s.g2_item("", s.INLINE_NITF)
    (document,) = documents(tmp_path, "a.xml", s.g2_message(item))
    assert (document.fields["title"], document.fields["text"]) == (s.TITLE, s.TEXT)


def test_an_item_alone_and_a_prefix_are_read_too(tmp_path: Path) -> None:
    item = s.g2_item(s.TITLE, s.XHTML.format(s.paragraphs()))
    alone = item.replace("<newsItem", "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'", 1)
    prefixed = "<nar:newsItem xmlns:nar='http://iptc.org/std/nar/2006-10-01/'><nar:contentMeta>"
    prefixed += (
        "<nar:headline>Short</nar:headline></nar:contentMeta><nar:contentSet><nar:inlineData>Text of it."
    )
    prefixed += "</nar:inlineData></nar:contentSet></nar:newsItem>"
    assert documents(tmp_path, "a.xml", alone)[0].fields["text"] == s.TEXT
    assert documents(tmp_path, "b.txt", prefixed)[0].fields == {
        **{"title": "Short", "text": "Text of it.", "status": "usable"}
    }


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xml", s.g2_message(s.g2_item(s.TITLE, "", status="canceled"))),
        ("a.xml", s.g2_message(s.g2_item(s.TITLE, "<remoteContent href='a.jpg'/>", status="withheld"))),
        ("a.xml", f"<NewsML>{s.newsml1_item(s.TITLE, '', 'Canceled')}</NewsML>"),
        ("a.json", json.dumps({"uri": "urn:1", "versioncreated": "2026-10-05", "pubstatus": "canceled"})),
        ("a.xml", s.g2_message(s.g2_item(s.TITLE, s.XHTML.format(s.paragraphs()), status="canceled"))),
        ("a.nitf", s.NITF.replace("management-status='usable'", "management-status='canceled'")),
        ("a.iptc", s.iptc_message("KILL Lisbon pilots story", "Editors, please kill this story.", 3)),
    ],
)
def test_an_item_taken_back_is_withdrawn_with_or_without_a_text(tmp_path: Path, name: str, data: str) -> None:
    (document,) = documents(tmp_path, name, data)
    found = parse_document(document, TODAY)
    assert isinstance(found, Rejection) and found.reason is Reason.WITHDRAWN
    assert found.item.item_key


def test_what_is_under_embargo_is_an_article(tmp_path: Path) -> None:
    item = s.newsml1_item(s.TITLE, f"<p>{s.SECOND}</p>", "Embargoed")
    (document,) = documents(tmp_path, "a.xml", f"<NewsML>{item}</NewsML>")
    assert isinstance(parse_document(document, TODAY), Article)


@pytest.mark.parametrize(
    ("title", "is_kill"),
    [
        *(("KILL Lisbon pilots story", True), ("BULLETIN KILL", True), ("STORY WITHDRAWN: pilots", True)),
        *(("Killer whales return to Lisbon", False), ("KILL SWITCH FOR TRAMS TESTED", False)),
    ],
)
def test_a_kill_on_the_old_wire_is_known(tmp_path: Path, title: str, is_kill: bool) -> None:
    message = s.iptc_message(title, "Editors, please note the story named above.", 3)
    assert (documents(tmp_path, "a.iptc", message)[0].fields.get("status") == "canceled") is is_kill


@pytest.mark.parametrize("format_code", WIRES)
def test_an_item_is_known_by_its_id_whatever_its_version(tmp_path: Path, format_code: str) -> None:
    name, data = WIRES[format_code]
    assert isinstance(data, str)
    keys = [items.item_of(item, TODAY).item_key for item in documents(tmp_path, name, data)]
    if format_code == "rss":
        keys.pop()  # its second entry has no guid
    assert len(set(keys)) == len(keys) and None not in keys
    if format_code in ("newsml_g2", "newsml", "ninjs"):
        data = data.replace("version='2'", "version='3'").replace('"version": "2"', '"version": "3"')
        data = data.replace("'A'>2<", "'A'>3<").replace(":2</PublicIdentifier>", ":3</PublicIdentifier>")
        later = [items.item_of(item, TODAY) for item in documents(tmp_path, name, data)]
        assert [item.item_key for item in later] == keys
        assert [item.version_number for item in later] == [3, 3]


def test_an_id_that_is_only_a_number_is_good_for_its_sender(tmp_path: Path) -> None:
    feeds = [s.RSS.replace("Tagus Wire", name) for name in ("A", "B")]
    first, other = (documents(tmp_path, "a.rss", feed)[0] for feed in feeds)
    assert first.fields["id"] == other.fields["id"]
    assert items.item_of(first, TODAY).item_key != items.item_of(other, TODAY).item_key


def test_times_are_those_of_one_zone() -> None:
    expected = datetime(2026, 10, 5, 10, 15, tzinfo=UTC)
    stated = ("2026-10-05T12:15:00+02:00", "20261005T101500Z", "Mon, 05 Oct 2026 05:15:00 -0500")
    assert [items.stated_time(value, TODAY) for value in (*stated, "2026-10-05 10:15")] == [expected] * 4
    for value in ("2099-01-01T00:00:00Z", "yesterday", "0001-01-01T00:00:00+23:00", "", None, 7):
        assert items.stated_time(value, TODAY) is None


def test_feed_entries_with_a_summary_only_are_marked(tmp_path: Path) -> None:
    for name in ("rss", "atom"):
        first, second = documents(tmp_path, *WIRES[name])
        assert "is_summary" not in first.fields
        assert second.fields["is_summary"] is True
    whole = s.RSS.replace(s.SECOND, f"{s.SECOND} " * 30)
    assert "is_summary" not in documents(tmp_path, "b.rss", whole)[1].fields


def test_feed_fields(tmp_path: Path) -> None:
    rss, atom = (documents(tmp_path, *WIRES[name])[0].fields for name in ("rss", "atom"))
    for fields in (rss, atom):
        assert fields["url"] == "https://tagus.example/2026/pilots"
        assert fields["outlet"] == "Tagus Wire"
        assert fields["topics"] == ["medtop:04000000"]
    assert atom["updated"] == "2026-10-05T10:15:00Z"


def test_rss_1_0_and_sloppy_rss(tmp_path: Path) -> None:
    rdf = (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Old</title></channel>"
        "<item><title>R&D &nbsp;budget</title><link>https://a.example/1</link>"
        "<dc:date>2026-10-05</dc:date><description>Caf\u00e9s &eacute;t\u00e9 \x0b done</description>"
        "</item></rdf:RDF>"
    )
    (item,) = documents(tmp_path, "a.rdf", rdf)
    assert item.fields["title"] == "R&D budget"
    assert item.fields["date"] == "2026-10-05"
    assert item.fields["text"].split() == ["Caf\u00e9s", "\u00e9t\u00e9", "done"]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252", "utf-8-sig", "utf-32"])
def test_xml_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f"<?xml version='1.0' encoding='{declared}'?><rss><item><title>\u00dcber\u00e9</title>"
    text += "<description>x y z</description></item></rss>"
    (item,) = documents(tmp_path, "a.xml", text.encode(encoding))
    assert item.fields["title"] == "\u00dcber\u00e9"


def test_saved_page(tmp_path: Path) -> None:
    (item,) = documents(tmp_path, "a.mhtml", s.MHTML)
    (renamed,) = documents(tmp_path, "a.txt", s.MHTML)
    assert item.fields == renamed.fields
    assert item.fields["url"] == "https://tagus.example/2026/pilots"
    assert item.fields["crawled"] == "Wed, 7 Oct 2026 08:00:00 -0000"
    article = parse_document(item, TODAY)
    assert isinstance(article, Article)
    assert (article.title, article.published_on) == (s.TITLE, date(2026, 10, 5))


@pytest.mark.parametrize(("name", "data"), [("a.warc", s.WARC), ("a.warc.gz", s.WARC_GZ), ("a.bin", s.WARC)])
def test_web_archive(tmp_path: Path, name: str, data: bytes) -> None:
    page, gone, packed, chunked = s.found_in(tmp_path, name, data)
    assert isinstance(page, Document) and isinstance(packed, Document) and isinstance(chunked, Document)
    assert page.fields["html"] == packed.fields["html"] == s.PAGE.encode()
    assert chunked.fields["html"] == b"<html>"
    assert isinstance(gone, Rejection) and gone.reason is Reason.NO_ARTICLE and "404" in gone.detail
    assert page.fields["url"] == "https://tagus.example/2026/pilots"
    assert page.fields["crawled"] == "2026-10-09T11:12:13Z"
    undated_page = s.PAGE.replace("2026-10-05", "none")
    undated = Document("a", 1, "warc", {**page.fields, "html": undated_page})
    article = parse_document(undated, TODAY)
    assert isinstance(article, Article) and article.published_on is None


def test_a_page_with_a_declared_charset(tmp_path: Path) -> None:
    body = "<html><body>Caf\u00e9 \u20ac</body></html>"
    declared = s.warc_record(body.encode("cp1252"), kind="text/html; charset=ISO-8859-1")
    lies = s.warc_record(body.encode(), kind="text/html; charset=ISO-8859-1")
    first, second = documents(tmp_path, "a.warc", declared + lies)
    assert first.fields["html"] == body
    assert second.fields["html"] == body.encode()


def test_parquet(tmp_path: Path) -> None:
    rows = [
        *(
            {**s.CORE, "published": datetime(2026, 10, 5, 9, 30), "price": Decimal("1.50"), "n": i}
            for i in (1, 2)
        ),
        {"title": "No text", "text": None},
    ]
    first, _, last = s.found_in(tmp_path, "a.parquet", s.parquet(rows))
    assert isinstance(first, Document)
    assert first.fields == {**s.CORE, "date": "2026-10-05 09:30:00.000000"}
    assert isinstance(last, Rejection) and last.reason is Reason.NO_TEXT_FIELD


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress, gzip.compress])
def test_packed(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    data = pack(b"First part. ") + pack(b"Second part.")
    assert s.told(s.found_in(tmp_path, "a.txt.xz", data)) == ["First part. Second part."]


MEMBERS = (
    ("b/one.txt", s.TEXT),
    ("__MACOSX/._one.txt", b"\0\5\26\7"),
    ("b/two.jsonl", json.dumps(s.CORE) + "\n{broken\n" + json.dumps(s.CORE)),
    ("empty.txt", ""),
    ("feed.xml", s.RSS),
    ("page.warc.gz", s.WARC_GZ),
)
TOLD = [
    *(s.TEXT[:40], s.TITLE, "bad_json", s.TITLE, "empty", s.TITLE, s.SECOND_TITLE),
    *("<page>", "no_article", "<page>", "<page>"),
]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", s.zipped(*MEMBERS)),
        ("a.zip", s.zipped(*MEMBERS, method=0)),
        ("a.tar", s.tarred(*MEMBERS)),
        ("a.tgz", gzip.compress(s.tarred(*MEMBERS))),
        ("a.tar.xz", lzma.compress(s.tarred(*MEMBERS))),
        ("a.zip.bz2", bz2.compress(s.zipped(*MEMBERS))),
        ("a.txt", s.zipped(*MEMBERS)),
        ("a", gzip.compress(s.tarred(*MEMBERS))),
    ],
)
def test_members_of_archives_are_numbered_through(tmp_path: Path, name: str, data: bytes) -> None:
    found = s.found_in(tmp_path, name, data)
    assert s.told(found) == TOLD
    assert found[0].file_path == f"{tmp_path / name}!/b/one.txt"


def test_an_archive_in_an_archive_is_read_once_deep(tmp_path: Path) -> None:
    inner = s.zipped(("x.txt", s.TEXT))
    nested = s.tarred(("in.zip", inner), ("after.txt", "It goes on after the zip."))
    found = s.found_in(tmp_path, "a.tar", nested)
    assert s.told(found) == [s.TEXT[:40], "It goes on after the zip."]
    assert found[0].file_path.endswith("a.tar!/in.zip!/x.txt")
    deeper = s.zipped(("deep.tar", nested), ("b.txt", "Still read, as its neighbour is not."))
    assert s.told(s.found_in(tmp_path, "b.zip", deeper)) == [
        *("unsupported_format", "It goes on after the zip.", "Still read, as its neighbour is not.")
    ]


def test_a_limit_on_a_nested_zip(tmp_path: Path) -> None:
    nested = s.tarred(("in.zip", s.zipped(("x.txt", s.TEXT * 9), method=0)), ("after.txt", "It goes on."))
    found = s.found_in(tmp_path, "a.tar", nested, limits=Limits(max_nested_bytes=1000))
    assert s.told(found) == ["too_large", "It goes on."]


def test_wrapped_lines_of_a_plain_description_are_one_paragraph(tmp_path: Path) -> None:
    wrapped = "<rss><item><title>T</title><description>A line that\n      goes on.\n \n  Another."
    wrapped += "</description></item></rss>"
    assert documents(tmp_path, "a.rss", wrapped)[0].fields["text"] == "A line that goes on.\n\nAnother."


@pytest.mark.parametrize(
    ("name", "data", "format_code"),
    [
        *(("a.xml", s.NINJS_FILE, "ninjs"), ("a.txt", s.G2, "newsml_g2"), ("a.json", s.ATOM, "atom")),
        *(("a.csv", s.NITF, "nitf"), ("a.txt", s.IPTC, "iptc7901"), ("a.rss", s.PAGE, "html")),
        *(("a.html", s.RSS, "rss"), ("a", s.parquet([s.CORE]), "parquet"), ("a.xml.gz", s.WARC_GZ, "warc")),
    ],
)
def test_the_content_decides(tmp_path: Path, name: str, data: str | bytes, format_code: str) -> None:
    first = s.found_in(tmp_path, name, data)[0]
    assert isinstance(first, Document) and first.format_code == format_code
