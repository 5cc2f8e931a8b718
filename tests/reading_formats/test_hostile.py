"""Inputs made to break a reader: each ends in documents or in a rejection with the right reason."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.reading import Limits
from flows.records import Document, Rejection
from tests.hostile_files import encrypted_zip, quadratic_zip, tar_header
from tests.reading_formats import samples as s

SMALL = Limits(
    *(100_000, 1_000_000, 20),
    max_nested_bytes=100_000,
    max_members=50,
    max_rejections=600,
)
PEAK_BYTES = 24 * 2**20  # of Python's memory, above which something is not streamed

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 20))
BOMB = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>'
EXTERNAL = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p; %p;]>'
DEFAULTS = f'<!DOCTYPE rss [<!ATTLIST item a CDATA "{"x" * 9000}">]>'


def rss(text: str, before: str = "") -> str:
    item = f"<item><title>One</title><description>{text}</description></item>"
    return f"{before}<rss><channel>{item}</channel></rss>"


def future_zip() -> bytes:
    data = bytearray(s.zipped(("a.txt", "words")))
    data[data.index(b"PK\x01\x02") + 6] = 235  # the version that is needed to read it
    return bytes(data)


def linked_zip() -> bytes:
    entry = zipfile.ZipInfo("link.txt")
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def typed_tar(kind: bytes) -> bytes:
    def change(entry: tarfile.TarInfo) -> None:
        entry.type = kind
        entry.linkname = "/etc/passwd"

    return s.tarred(("odd.txt", ""), change=change)


def broken_member_zip() -> bytes:
    data = bytearray(s.zipped(("a.txt", s.TEXT), ("b.txt", "The second is whole and read.")))
    data[40:60] = bytes(20)
    return bytes(data)


def bomb_parquet(index: int | None) -> bytes:
    """One text (or nothing) that is told to stand in a hundred thousand rows."""
    texts = pa.DictionaryArray.from_arrays(pa.array([index] * 100_000, pa.int32()), pa.array(["x " * 500]))
    out = io.BytesIO()
    pq.write_table(pa.table({"text": texts}), out)
    return out.getvalue()


GOOD_WARC = s.warc_record(s.PAGE.encode())
HUGE_HEAD = b"WARC/1.0\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"
PARQUET = s.parquet([s.CORE] * 3)

CASES: list[tuple[str, bytes | str, list[str]]] = [
    # entities
    ("a.xml", rss("Ha &l19; done", BOMB), ["One"]),
    ("a.xml", rss("See &x; here", EXTERNAL), ["One"]),
    ("a.xml", rss("See &p; here", PARAMETER), ["One"]),
    ("a.xml", rss("A default", DEFAULTS), ["One"]),
    ("a.xml", "<!DOCTYPE rss [<!ENTITY a '" + "x" * 2_000_000 + "'>]><rss/>", ["bad_xml"]),
    ("a.xml", '<!DOCTYPE rss [<!ENTITY a "never closed>]><rss><item/></rss>', ["bad_xml"]),
    ("a.xml", "<!-- " + "- " * 800_000 + "--><rss/>", ["bad_xml"]),
    # shapes of XML
    ("a.xml", rss(f"<![CDATA[{'a ' * 40_000}"), ["bad_xml"]),
    ("a.xml", rss("<!-- <![CDATA[ &x; --> <![CDATA[ --> <!-- ]]> ]]> &amp;"), ["One"]),
    ("a.xml", "<rss><channel><item><title>One</title><description>Half of", ["bad_xml"]),
    ("a.xml", rss("fine").replace("</channel></rss>", "<item"), ["One", "bad_xml"]),
    ("a.xml", "<rss>" + "<a>" * 20_000, ["bad_xml"]),
    ("a.xml", "<nitf><body><body.content>" + "<p>" * 3000 + "deep", ["bad_xml"]),
    ("a.xml", "<rss " + " ".join(f"a{i}='1'" for i in range(20_000)) + "><item/></rss>", ["too_large"]),
    ("a.xml", "<rss><item a='" + "y" * 300_000 + "'/></rss>", ["too_large"]),
    ("a.xml", "<rss " + "x" * 300_000, ["too_large"]),
    ("a.xml", rss("z " * 200_000), ["too_large"]),
    ("a.xml", "<rss>" + "<junk>no item</junk>" * 20_000 + "</rss>", ["too_large"]),
    ("a.xml", "<rss><channel/></rss>", ["empty"]),
    (
        "a.xml",
        "<rss><item><title>N\0UL</title><description>" + "words " * 99 + "</description></item></rss>",
        ["NUL"],
    ),
    ("a.xml", rss("&#0; &#xFFFF; &#x110000; &bogus; & &; &#;"), ["One"]),
    (
        "a.xml",
        "<rss><item><title>A</p></title><description>b</description></item></rss>",
        ["no_text_field", "bad_xml"],
    ),
    ("a.xml", "<rss>" + "<item b=></item>" * 500, ["no_text_field"] * 500 + ["bad_xml"]),
    ("a.xml", "<rss>" + "&" * 9000 + "</rss>", ["empty"]),
    ("a.xml", b"\xff\xfe<\0r\0s\0s\0>\0", ["bad_xml"]),
    (
        "a.xml",
        b"<?xml version='1.0' encoding='utf-7'?><rss><item><description>x</description></item></rss>",
        ["x"],
    ),
    (
        "a.xml",
        b"<?xml version='1.0' encoding='zip'?><rss><item><description>\xe9</description></item></rss>",
        ["\xe9"],
    ),
    ("a.xml", "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'/>", ["no_article"]),
    ("a.xml", "<newsItem/>", ["no_text_field"]),
    ("a.xml", "<NewsML/>", ["no_article"]),
    ("a.xml", "<nitf/>", ["no_text_field"]),
    ("a.xml", "<svg xmlns='http://www.w3.org/2000/svg'/>", ["unsupported_format"]),
    ("a.xml", "words, no element", ["bad_xml"]),
    # old wire, JSON
    ("a.iptc", "\x01afp0001 4 pl 112\r\n", ["truncated"]),
    ("a.iptc", s.IPTC[:300], [s.TITLE]),
    ("a.iptc", "\x01afp0001 4 pl 112\r\n\x02" + "x" * 200_000, ["too_large"]),
    (
        "a.json",
        json.dumps({"uri": "x", "versioncreated": 1, "pubstatus": [], "bodies": [[], 3], "headlines": {}}),
        ["no_text_field"],
    ),
    ("a.json", json.dumps({**s.NINJS, "body_xhtml": "<p" * 30_000}), [s.TITLE]),
    # saved pages
    (
        "a.mhtml",
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n",
        ["no_article"],
    ),
    ("a.mhtml", s.MHTML.partition("------edge\r\nContent-Type: text/html")[0], ["no_article"]),
    (
        "a.mhtml",
        "MIME-Version: 1.0\r\n"
        + "".join(f"Content-Type: multipart/related; boundary=b{i}\r\n\r\n--b{i}\r\n" for i in range(900)),
        ["too_large"],
    ),
    (  # the pieces of a parameter, one without its number
        "a.mhtml",
        s.MHTML.replace("boundary=", 'b*="x"; b*1="y"; boundary=', 1),
        ["unreadable"],
    ),
    ("a.mhtml", s.MHTML + "x" * 200_000, ["too_large"]),
    ("a.mhtml", s.MHTML + "--x\n" * 24_000, ["too_large"]),
    ("a.mhtml", s.MHTML.replace("binary", "base64"), ["<page>"]),
    (
        "a.mht",
        s.MHTML.replace("text/html\r\nContent-ID", 'text/html; charset="hex"\r\nContent-ID'),
        ["<page>"],
    ),
    # web archives
    ("a.warc", b"WARC/1.0\r\nContent-Length: -5\r\n\r\n" + GOOD_WARC, ["unreadable", "<page>"]),
    (
        "a.warc",
        b"WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n" + GOOD_WARC,
        ["unreadable", "<page>"],
    ),
    ("a.warc", GOOD_WARC + b"junk\r\n\r\n" + GOOD_WARC, ["<page>", "unreadable", "<page>"]),
    ("a.warc", HUGE_HEAD + GOOD_WARC, ["unreadable", "unreadable", "<page>"]),
    ("a.warc", GOOD_WARC + GOOD_WARC[:-30], ["<page>", "truncated"]),
    ("a.warc.gz", gzip.compress(GOOD_WARC) + gzip.compress(GOOD_WARC)[:-40], ["<page>", "truncated"]),
    (
        "a.warc",
        s.warc_record(gzip.compress(b"a" * 10_000_000), headers="Content-Encoding: gzip\r\n"),
        ["too_large"],
    ),
    (
        "a.warc",
        s.warc_record(b"\x1f\x8b\x08 no", headers="Content-Encoding: gzip\r\n") + GOOD_WARC,
        ["unreadable", "<page>"],
    ),
    ("a.warc", s.warc_record(b"<html>plain</html>", headers="Content-Encoding: br\r\n"), ["<page>"]),
    ("a.warc", s.warc_record(b"\0\xff no", headers="Content-Encoding: br\r\n"), ["unreadable"]),
    ("a.warc", s.warc_record(b"zz\r\nx", headers="Transfer-Encoding: chunked\r\n"), ["<page>"]),
    ("a.warc", s.warc_record(b"p" * 200_000) + GOOD_WARC, ["too_large", "<page>"]),
    ("a.warc", s.warc_record(b""), ["empty"]),
    ("a.warc", b"WARC/1.0\r\n\r\n", ["unreadable"]),
    # Parquet
    ("a.parquet", PARQUET[:200], ["unreadable"]),
    ("a.parquet", b"PAR1" + b"\xff" * 100 + b"\xff\xff\xff\x7fPAR1", ["unreadable"]),
    ("a.parquet", PARQUET[:60] + bytes(40) + PARQUET[100:], ["unreadable"]),
    ("a.parquet", s.parquet([{"title": "Long", "text": "w " * 100_000}, s.CORE]), ["too_large", s.TITLE]),
    ("a.parquet", "no Parquet at all", ["unreadable"]),
    ("a.parquet", bomb_parquet(0), ["x " * 20] * 896 + ["too_large"]),
    ("a.parquet", bomb_parquet(None), ["no_text_field"] * 600 + ["too_large"]),
    # more rejections than anybody reads
    ("a.jsonl", "1\n" * 700, ["no_text_field"] * 600 + ["too_large"]),
    ("a.json", "[" + "1," * 700 + '{"text": "words"}]', ["no_text_field"] * 600 + ["too_large"]),
    # tables
    ("a.csv", f"title,text{',c' * 40_000}\nOne,two{',' * 40_000}\n", ["One"]),
    # packed
    ("a.txt.bz2", bz2.compress(b"a" * 30_000_000), ["too_large"]),
    ("a.txt.xz", lzma.compress(b"a" * 30_000_000), ["too_large"]),
    ("a.txt.bz2", bz2.compress(s.TEXT.encode())[:-9], ["truncated"]),
    ("a.txt.xz", lzma.compress(s.TEXT.encode())[:-9], ["truncated"]),
    ("a.txt.xz", b"\xfd7zXZ\0 this is no such thing", ["unreadable"]),
    ("a.txt.bz2", b"BZh9 this is no such thing", ["unreadable"]),
    # zip
    ("a.zip", s.zipped(("../../etc/cron.d/x", "evil words")), ["unsafe_path"]),
    (
        "a.zip",
        s.zipped(("..\\..\\x.txt", "evil words"), ("b.txt", "Good words are read.")),
        ["unsafe_path", "Good words are read."],
    ),
    ("a.zip", s.zipped(("/abs/x.txt", "Kept with its root cut off.")), ["Kept with its root cut off."]),
    ("a.zip", linked_zip(), ["unsafe_path"]),
    ("a.zip", encrypted_zip(), ["unreadable"]),
    ("a.zip", broken_member_zip(), ["unreadable", "The second is whole and read."]),
    ("a.zip", s.zipped(("a.txt", "a" * 3_000_000)), ["too_large"]),
    ("a.zip", quadratic_zip(), ["too_large"] * 4),
    (
        "a.zip",
        s.zipped(*((f"{i}.txt", "Words in a member.") for i in range(60))),
        ["Words in a member."] * 50 + ["too_large"],
    ),
    ("a.zip", s.zipped(("a.txt", s.TEXT))[:-30], ["truncated"]),
    ("a.zip", s.zipped(("x" * 5000, "a"), ("y" * 60_000, "b"), ("z" * 60_000, "c")), ["too_large"]),
    ("a.zip", s.zipped(), ["empty"]),
    ("a.zip", future_zip(), ["unreadable"]),
    ("a.zip", b"PK\x03\x04", ["truncated"]),
    ("a.zip", s.zipped(("mimetype", "application/epub+zip")), ["binary"]),
    ("a.zip", s.zipped(("z.txt.gz", gzip.compress(b"a" * 2_500_000))), ["too_large"]),
    # tar
    (
        "a.tar",
        s.tarred(("../x.txt", "evil words"), ("b.txt", "Good words are read.")),
        ["unsafe_path", "Good words are read."],
    ),
    ("a.tar", typed_tar(tarfile.SYMTYPE), ["unsafe_path"]),
    ("a.tar", typed_tar(tarfile.LNKTYPE), ["unsafe_path"]),
    ("a.tar", typed_tar(tarfile.CHRTYPE), ["unsafe_path"]),
    ("a.tar", typed_tar(tarfile.FIFOTYPE), ["unsafe_path"]),
    ("a.tar", typed_tar(tarfile.GNUTYPE_SPARSE), ["unsupported_format"]),
    ("a.tar", s.tarred(("a.txt", s.TEXT))[:700], ["truncated"]),
    ("a.tar", s.tarred(("a.txt", "One."), ("b.txt", "Two."))[:1200], ["One.", "truncated"]),
    ("a.tar", tar_header(b"a.txt", b"\xff" + b"\xff" * 11), ["unreadable"]),
    ("a.tar", tar_header(b"a.txt", b"77777777777"), ["truncated"]),
    ("a.tar", tar_header(b"x", b"77777777777", b"x"), ["too_large"]),
    ("a.tar", tar_header(b"x", b"0", b"L") * 200, ["too_large"]),
    (
        "a.tar",
        tar_header(b"x", b"00000000012", b"x")
        + b"9999 path=x".ljust(512, b"\0")
        + tar_header(b"a.txt", b"0"),
        ["empty"],
    ),
    ("a.tar", tar_header(b"a.txt", b"0") * 60, ["empty"] * 50 + ["too_large"]),
    ("a.tar.gz", gzip.compress(tar_header(b"a.txt", b"0") * 60), ["empty"] * 50 + ["too_large"]),
    (
        "a.tar.gz",
        gzip.compress(s.tarred(("a.txt", s.TEXT), ("b.txt", s.TEXT)), 0)[:1700],
        [s.TEXT[:40], "truncated"],
    ),
    ("a.tar", b"a.tar that is none", ["unreadable"]),
]


@pytest.fixture
def peak() -> Iterator[Callable[[], int]]:
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize(("name", "data", "expected"), CASES, ids=range(len(CASES)))
def test_hostile(
    tmp_path: Path, name: str, data: bytes | str, expected: list[str], peak: Callable[[], int]
) -> None:
    before = peak()
    found = s.found_in(tmp_path, name, data, limits=SMALL)
    assert s.told(found) == expected
    assert peak() - before < PEAK_BYTES + 3 * len(data)


def test_no_entity_is_ever_expanded(tmp_path: Path) -> None:
    texts = []
    for prolog, name in ((BOMB, "l19"), (EXTERNAL, "x"), (PARAMETER, "p")):
        (item,) = s.found_in(tmp_path, "a.xml", rss(f"before &{name}; after", prolog))
        assert isinstance(item, Document)
        texts.append(" ".join(item.fields["text"].split()))
    assert texts == ["before after"] * 3


def test_a_member_name_keeps_nothing_that_leads_out(tmp_path: Path) -> None:
    name = "C:\\windows\\.\\x\x1b[31m.txt"
    (item,) = s.found_in(tmp_path, "a.tar", s.tarred((name, "Some words.")))
    assert item.file_path == f"{tmp_path}/a.tar!/windows/x\ufffd[31m.txt"


def test_rejections_say_what_to_do(tmp_path: Path) -> None:
    (item,) = s.found_in(tmp_path, "a.xml", "<ledger/>")
    assert isinstance(item, Rejection)
    assert item.detail == "XML with the root <ledger>, which is no news format that is read"
