"""One story, invented, as every format the read stage knows writes it."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.reading import find_files, read_documents
from flows.records import Document, Rejection

TITLE = "Harbour pilots accept Lisbon roster after nine-day standoff"
PARAGRAPHS = (
    "Harbour pilots in Lisbon voted on Monday to accept a new roster, ending a standoff that had kept"
    " forty ships at anchor for nine days.",
    "Branca Villaverde, who speaks for the pilots, said the vote was closer than she had hoped but clear"
    " enough to be respected by everybody.",
    "The port expects the last of the waiting ships to be alongside by the end of the week.",
)
TEXT = "\n\n".join(PARAGRAPHS)
SECOND_TITLE = "Tram line to the airport opens a month early"
SECOND = "The tram to the airport carried its first passengers on Tuesday, a month before it was promised."
CORE = {"title": TITLE, "text": TEXT}


def found_in(folder: Path, name: str, data: bytes | str, **options: Any) -> list[Document | Rejection]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (file,) = find_files([str(path)])
    found = list(read_documents(file, **options))
    assert [item.record_number for item in found] == list(range(1, len(found) + 1))
    return found


def told(found: list[Document | Rejection]) -> list[str]:
    """Per item its title or the start of its text, or the reason it was rejected for."""
    return [
        item.reason.value
        if isinstance(item, Rejection)
        else item.fields.get("title") or str(item.fields.get("text", "<page>"))[:40]
        for item in found
    ]


def paragraphs(tag: str = "p", texts: tuple[str, ...] = PARAGRAPHS) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
    f"<title>{TITLE}</title><meta property='article:published_time' content='2026-10-05'></head><body>"
    f"<article><h1>{TITLE}</h1>{paragraphs()}</article></body></html>"
)

NITF_BODY = (
    f"<body><body.head><hedline><hl1>{TITLE}</hl1><hl2>Forty ships waited</hl2></hedline>"
    "<byline>By <person>Ottilie Brandt</person><byttl>Port reporter</byttl></byline>"
    "<distributor>AFP</distributor><dateline><location>LISBON</location>"
    "<story.date norm='20261005T093000Z'>Oct 5</story.date></dateline></body.head>"
    f"<body.content><media media-type='image'><media-caption>Ships wait</media-caption></media>"
    f"{paragraphs()}</body.content></body>"
)
NITF = (
    "<?xml version='1.0' encoding='UTF-8'?>"
    '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.4//EN" "nitf-3-4.dtd">'
    f"<nitf><head><title>{TITLE}</title>"
    "<tobject><tobject.subject tobject.subject.refnum='04015000'/></tobject>"
    "<docdata management-status='usable'><doc-id regsrc='afp' id-string='afp-26-0917'/><urgency ed-urg='4'/>"
    "<date.issue norm='20261005T093000Z'/><ed-msg info='CORRECTION'/>"
    "<du-key key='lisbon-pilots' version='2'/></docdata></head>" + NITF_BODY + "</nitf>"
)


def g2_item(title: str, body: str, number: int = 1, status: str = "usable", meta: str = "") -> str:
    return (
        f"<newsItem guid='urn:newsml:wire.example:20261005:{number}' version='2' standard='NewsML-G2'"
        " standardversion='2.29' xml:lang='en'>"
        "<catalogRef href='http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml'/>"
        "<itemMeta><itemClass qcode='ninat:text'/><provider literal='AFP'/>"
        "<versionCreated>2026-10-05T10:15:00Z</versionCreated>"
        "<firstCreated>2026-10-05T09:30:00Z</firstCreated>"
        f"<pubStatus qcode='stat:{status}'/>{meta}</itemMeta>"
        "<contentMeta><urgency>4</urgency><located literal='Lisbon'><name>Lisbon</name></located>"
        f"<slugline>lisbon-pilots</slugline><headline>{title}</headline>"
        "<dateline>LISBON, Oct 5 (AFP)</dateline>"
        "<by>By Ottilie Brandt</by><creditline>AFP</creditline><language tag='en'/>"
        "<subject type='cpnat:abstract' qcode='medtop:04000000'/><subject qcode='medtop:20000209'/>"
        f"</contentMeta><contentSet>{body}</contentSet></newsItem>"
    )


XHTML = (
    "<inlineXML contenttype='application/xhtml+xml'><html xmlns='http://www.w3.org/1999/xhtml'>"
    "<head><title>x</title></head><body>{}</body></html></inlineXML>"
)
INLINE_NITF = (
    "<inlineXML contenttype='application/nitf+xml'><nitf xmlns='http://iptc.org/std/NITF/2006-10-18/'>"
    + NITF_BODY
    + "</nitf></inlineXML>"
)


def g2_message(*items: str) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><header>"
        "<sent>2026-10-05T10:16:00Z</sent><sender>wire.example</sender></header>"
        f"<itemSet>{''.join(items)}</itemSet></newsMessage>"
    )


G2 = g2_message(
    g2_item(TITLE, XHTML.format(paragraphs()), meta="<signal qcode='sig:correction'/>"),
    g2_item(SECOND_TITLE, f"<inlineData contenttype='text/plain'>{SECOND}</inlineData>", 2),
)


def newsml1_item(title: str, content: str, status: str = "Usable", number: int = 917) -> str:
    return (
        "<NewsItem><Identification><NewsIdentifier><ProviderId>wire.example</ProviderId>"
        f"<DateId>20261005</DateId><NewsItemId>{number}</NewsItemId>"
        "<RevisionId PreviousRevision='1' Update='A'>2</RevisionId>"
        f"<PublicIdentifier>urn:newsml:wire.example:20261005:{number}:2</PublicIdentifier>"
        "</NewsIdentifier></Identification>"
        "<NewsManagement><NewsItemType FormalName='News'/><FirstCreated>20261005T093000+0000</FirstCreated>"
        "<ThisRevisionCreated>20261005T101500+0000</ThisRevisionCreated>"
        f"<Status FormalName='{status}'/><Urgency FormalName='4'/><Instruction FormalName='Correction'/>"
        "</NewsManagement><NewsComponent><Role FormalName='Main'/>"
        f"<NewsLines><HeadLine>{title}</HeadLine><ByLine>By Ottilie Brandt</ByLine>"
        "<DateLine>LISBON, Oct 5 (AFP)</DateLine><CreditLine>AFP</CreditLine>"
        "<SlugLine>lisbon-pilots</SlugLine></NewsLines>"
        "<DescriptiveMetadata><Language FormalName='en'/><SubjectCode><Subject FormalName='04000000'/>"
        "<SubjectMatter FormalName='04015000'/></SubjectCode></DescriptiveMetadata>"
        f"<ContentItem><MediaType FormalName='Text'/><DataContent>{content}</DataContent></ContentItem>"
        "</NewsComponent></NewsItem>"
    )


NEWSML1 = (
    "<?xml version='1.0' encoding='UTF-8'?>"
    '<!DOCTYPE NewsML PUBLIC "urn:newsml:iptc.org:20021018:NewsMLv1.2:1" "NewsML_1.2.dtd" ['
    '<!ENTITY % nitf SYSTEM "nitf-3-1.dtd"> %nitf; ]>'
    "<NewsML><Catalog Href='http://www.iptc.org/catalog.xml'/>"
    "<NewsEnvelope><DateAndTime>20261005T101600+0000</DateAndTime></NewsEnvelope>"
    + newsml1_item(TITLE, f"<nitf>{NITF_BODY}</nitf>")
    + newsml1_item(SECOND_TITLE, f"<p>{SECOND}</p>", number=918)
    + "</NewsML>"
)


def iptc_message(title: str, text: str, number: int, slug: str = "Portugal/Ports/Lisbon") -> str:
    return (
        f"\x01afp{number:04} 4 pl 112  AFP 0917\r\n\x02{slug}\r\n{title}\r\n\r\n"
        + "".join(f"   {line}\r\n" for line in text.split("\n\n"))
        + "\x03\r\n051230 GMT oct 26\r\n\x04\r\n"
    )


IPTC = iptc_message(TITLE, TEXT, 917) + iptc_message(SECOND_TITLE, SECOND, 918, "Portugal/Transport")

NINJS: dict[str, Any] = {
    "uri": "urn:wire.example:917",
    "type": "text",
    "version": "2",
    "versioncreated": "2026-10-05T10:15:00Z",
    "firstcreated": "2026-10-05T09:30:00Z",
    "pubstatus": "usable",
    "urgency": 4,
    "language": "en",
    "headline": TITLE,
    "slugline": "lisbon-pilots",
    "byline": "By Ottilie Brandt",
    "located": "Lisbon",
    "creditline": "AFP",
    "subject": [
        {"code": "04000000", "scheme": "http://cv.iptc.org/newscodes/mediatopic/", "name": "economy"}
    ],
    "body_xhtml": f"<div>{paragraphs()}</div>",
}
NINJS2: dict[str, Any] = {
    "uri": "urn:wire.example:917",
    "type": "text",
    "standard": {"name": "ninjs", "version": "2.1"},
    "version": "2",
    "versioncreated": "2026-10-05T10:15:00Z",
    "contentcreated": "2026-10-05T09:30:00Z",
    "pubstatus": "usable",
    "urgency": 4,
    "language": "en",
    "headlines": [{"role": "short", "value": "Pilots accept"}, {"role": "main", "value": TITLE}],
    "slug": "lisbon-pilots",
    "by": "By Ottilie Brandt",
    "located": "Lisbon",
    "infosources": [{"name": "AFP"}],
    "subjects": [{"uri": "http://cv.iptc.org/newscodes/mediatopic/04000000", "name": "economy"}],
    "bodies": [{"role": "main", "contenttype": "text/html", "value": paragraphs()}],
}

RSS = (
    "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'"
    " xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    " xmlns:media='http://search.yahoo.com/mrss/' xmlns:atom='http://www.w3.org/2005/Atom'>"
    "<channel><title>Tagus Wire</title><link>https://tagus.example/</link><language>en</language>"
    "<atom:link href='https://tagus.example/rss' rel='self'/>"
    f"<item><title>{TITLE}</title><link>https://tagus.example/2026/pilots</link>"
    "<guid isPermaLink='false'>917</guid><pubDate>Mon, 05 Oct 2026 09:30:00 GMT</pubDate>"
    "<dc:creator>Ottilie Brandt</dc:creator><media:credit>AFP</media:credit>"
    "<category domain='http://cv.iptc.org/newscodes/mediatopic/'>04000000</category>"
    "<description>Ships waited.</description>"
    f"<content:encoded><![CDATA[{paragraphs()}]]></content:encoded></item>"
    f"<item><title>{SECOND_TITLE}</title><link>https://tagus.example/2026/tram</link>"
    f"<description>{SECOND}</description></item></channel></rss>"
)
ATOM = (
    "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>"
    "<title>Tagus Wire</title><updated>2026-10-06T00:00:00Z</updated>"
    f"<entry><title type='html'>{TITLE}</title><id>tag:tagus.example,2026:917</id>"
    "<link rel='enclosure' href='https://tagus.example/a.mp3'/><link href='https://tagus.example/2026/pilots'/>"
    "<published>2026-10-05T09:30:00Z</published><updated>2026-10-05T10:15:00Z</updated>"
    "<author><name>Ottilie Brandt</name></author>"
    "<category scheme='http://cv.iptc.org/newscodes/mediatopic/' term='04000000'/>"
    f"<content type='html'>{escape(paragraphs())}</content></entry>"
    f"<entry><title>{SECOND_TITLE}</title><id>tag:tagus.example,2026:918</id>"
    f"<updated>2026-10-06T00:00:00Z</updated><summary>{SECOND}</summary></entry></feed>"
)

MHTML = (
    "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://tagus.example/2026/pilots\r\n"
    "Subject: Harbour pilots\r\nDate: Wed, 7 Oct 2026 08:00:00 -0000\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----edge"\r\n\r\n\r\n'
    "------edge\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\naGFsbG8=\r\n"
    "------edge\r\nContent-Type: text/html\r\nContent-ID: <frame@mhtml.blink>\r\n"
    "Content-Transfer-Encoding: binary\r\nContent-Location: https://tagus.example/2026/pilots\r\n\r\n"
    f"{PAGE}\r\n------edge--\r\n"
)


def warc_record(
    body: bytes,
    kind: str = "text/html; charset=utf-8",
    status: str = "200 OK",
    headers: str = "",
    record: str = "response",
    address: str = "https://tagus.example/2026/pilots",
) -> bytes:
    served = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{headers}\r\n".encode() + body
    return (
        (
            f"WARC/1.0\r\nWARC-Type: {record}\r\nWARC-Record-ID: <urn:uuid:{len(body)}>\r\n"
            f"WARC-Date: 2026-10-09T11:12:13Z\r\nWARC-Target-URI: {address}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(served)}\r\n\r\n"
        ).encode()
        + served
        + b"\r\n\r\n"
    )


WARC_RECORDS = (
    b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 16\r\n\r\nsoftware: made\r\n\r\n\r\n",
    warc_record(b"GET / HTTP/1.1\r\n", record="request"),
    warc_record(b"\x89PNG", kind="image/png"),
    warc_record(PAGE.encode()),
    warc_record(b"gone", status="404 Not Found", address="https://tagus.example/gone"),
    warc_record(gzip.compress(PAGE.encode()), headers="Content-Encoding: gzip\r\n"),
    warc_record(b"5\r\n<html\r\n1\r\n>\r\n0\r\n\r\n", headers="Transfer-Encoding: chunked\r\n"),
)
WARC = b"".join(WARC_RECORDS)
WARC_GZ = b"".join(map(gzip.compress, WARC_RECORDS))


def parquet(rows: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def zipped(*members: tuple[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(
    *members: tuple[str, bytes | str], change: Callable[[tarfile.TarInfo], None] | None = None
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            content = data.encode() if isinstance(data, str) else data
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            if change:
                change(entry)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


NINJS_SECOND = {"uri": "urn:wire.example:918", "headline": SECOND_TITLE, "body_xhtml": f"<p>{SECOND}</p>"}
NINJS_FILE = json.dumps([NINJS, NINJS | NINJS_SECOND])
