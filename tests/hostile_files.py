"""Files made to break a pipeline, each with what must come of it.

`build` writes them all into a folder; sizes are given, so that a test takes seconds and a benchmark the
full 200 MB line and the million entries.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from flows.reading import Limits
from tests.reading_formats import samples as s
from warehouse.query import query

MEGABYTE = 10**6
STORY = (
    "The harbour of Varna reopened on Monday and port director Elena Petrova told reporters why it closed."
)
ESCAPES = "\x1b[2J\x1b]0;owned\x07\u202e"

Case = tuple[str, bytes | str, str]
"""A file's name, its content, and what each of its records must become, in words: `article bad_json`."""

Outcome = Counter[str]
"""How many records of a file became what: `article`, or a reason of the closed list."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the large ones are, in bytes and in entries."""

    text: int
    line: int
    bomb: int
    entries: int
    """Of an archive."""
    rows: int
    """Of a Parquet file."""


SMALL = Sizes(text=100_000, line=34 * MEGABYTE, bomb=600 * MEGABYTE, entries=2_000, rows=2_000)
FULL = Sizes(text=1_000_000, line=200 * MEGABYTE, bomb=10_000 * MEGABYTE, entries=1_000_000, rows=5_000_000)


def build(folder: Path, sizes: Sizes) -> dict[str, Outcome]:
    """Write every file below `folder`; what must come of each, by its path from there."""
    expected = {}
    for name, data, outcome in (
        *_texts(sizes.text),
        *_records(),
        *_pages(),
        *_feeds(),
        *_archives(),
        *_captures(),
    ):
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        expected[name] = Outcome(outcome.split())
    return expected | _large(folder, sizes) | _odd_names(folder) | _odd_entries(folder)


def outcomes(warehouse: Path, folder: Path) -> dict[str, Outcome]:
    """What came of each file of the folder, by its path from there, as the published tables tell it."""
    database = warehouse / "news.duckdb"
    files = query(database, "select file_path, article_count from marts.files where is_complete")[1]
    rejections = query(
        database,
        "select split_part(file_path, '!/', 1), reason_code, count(*) from marts.rejections group by all",
    )[1]
    start = len(f"{folder}/")
    found = {path[start:]: +Outcome(article=count) for path, count in files}
    for path, reason, count in rejections:
        found[path[start:]][reason] = count
    return found


def _texts(size: int) -> Iterator[Case]:
    yield "empty.txt", "", "empty"
    yield "spaces.txt", " \t\r\n" * 5000, "empty"
    yield "mark.txt", b"\xef\xbb\xbf", "empty"
    yield "zeros.txt", f"{STORY}\0\0\0", "binary"
    yield "controls.txt", bytes(range(32)) * 50, "binary"
    yield "program.txt", b"\x7fELF" + bytes(200), "binary"
    yield "latin1.txt", f"M\xfcller in Z\xfcrich. {STORY}".encode("latin-1"), "article"
    yield "utf16.txt", STORY.encode("utf-16-le"), "article"
    yield "bad-utf8.txt", STORY.encode() + b" \xc3\x28\xff\xfe\xf0\x9f", "article"
    yield "escapes.txt", f"Harbour {ESCAPES} reopens\n\n{STORY}", "article"
    yield "accents.txt", f"Harbour{chr(0x301) * 5000} reopens\n\n{STORY}", "article"
    yield "year-2099.txt", f"Harbour reopens\nJanuary 4, 2099\n\n{STORY}", "article"
    yield "word.txt", "a" * size, "too_short"
    yield "lines.txt", "a b c.\n" * (size // 7), "article"
    yield "quotes.txt", '"' * size + STORY, "article"
    yield "said.txt", '"Yes," said he. ' * (size // 16), "article"
    yield "names.txt", "Elena Petrova Ivan Radev " * (size // 25), "article"
    yield "letters.txt", "A " * (size // 2), "article"
    yield "tags.txt", "<p " * (size // 3) + STORY, "article"
    yield "references.txt", "&amp;" * (size // 5) + STORY, "article"


def _records() -> Iterator[Case]:
    story = {"title": "Harbour reopens", "text": STORY}
    line = json.dumps(story) + "\n"
    yield "deep.json", "[" * 100_000, "bad_json"
    yield "deep-object.json", '{"a":' * 100_000 + "1" + "}" * 100_000, "bad_json"
    yield "deep.jsonl", '{"a":' * 100_000 + "\n" + line, "bad_json article"
    yield "cut.json", json.dumps([story, story])[:-40], "article bad_json"
    yield "number.jsonl", f'{{"text": {"9" * 5000}}}\n{line}', "bad_json article"
    yield "nan.jsonl", f'{{"title": {"9" * 4000}, "text": "{STORY}", "date": NaN}}', "article"
    yield "half-pair.jsonl", json.dumps(story | {"title": "Half \ud83d a pair", "url": "\udc00"}), "article"
    yield "twice.json", f'{{"text": "first", "text": "{STORY}"}}', "article"
    yield "many-keys.json", json.dumps({f"k{i}": i for i in range(100_000)} | story), "article"
    odd = {"title": [], "authors": {"a": [1, None]}, "date": {"$date": [[]]}, "url": True}
    yield "types.json", json.dumps([story | odd, 5, None, [[]]]), "article" + " no_text_field" * 3
    days = ("0001-01-01", "2099-12-31", "9999-99-99", "-5000", "1e400", "9" * 90, 1e300, -1)
    yield "days.jsonl", "".join(json.dumps(story | {"date": day}) + "\n" for day in days), "article " * 8
    markup = {"title": "<script>alert(1)</script><img src=x onerror=alert(2)>", "authors": ["<b>A B</b>"]}
    yield "markup.json", json.dumps(story | markup), "article"
    formulas = ('"=HYPERLINK(""http://evil.example"",""x"")"', "+cmd|' /C calc'!A0", "@SUM(1)", "-1+1")
    yield "formulas.csv", "title,text\n" + "".join(f"{f},{STORY}\n" for f in formulas), "article " * 4
    yield "wide.csv", f"title,text{',c' * 100_000}\nOne,{STORY}{',' * 100_000}\n", "article"
    yield "quote.csv", f'title,text\n"Open,{"a " * 1000}\nThree,{STORY}\n', "bad_csv article"
    yield "zeros.csv", f"title,text\nHar\0bour,{STORY}\n", "article"
    yield "commas.csv", "," * 1_000_000, "bad_csv"
    yield "types.parquet", s.parquet([{"text": 5, "title": 1.5}, {"text": None}]), "too_short no_text_field"
    yield "nested.parquet", s.parquet([{"title": {"a": [{"b": 1}]}, "text": [[STORY]]}]), "article"
    good = s.parquet([story] * 3)
    yield "cut.parquet", good[: len(good) // 2], "unreadable"
    yield "page.parquet", good[:40] + bytes(40) + good[80:], "unreadable"


def _pages() -> Iterator[Case]:
    def page(before: str, head: str = "") -> str:
        head = f"<html><head>{head}<title>Harbour reopens</title></head><body>"
        return f"{head}{before}<article><p>{STORY}</p><p>{STORY}</p>"

    data = '<script type="application/ld+json">' + '{"@graph":[' * 50_000 + "</script>"
    yield "nested.html", page("<div>" * 200_000), "no_article"
    yield "elements.html", page("<b>a</b>" * 200_000), "too_large"
    yield "comment.html", page("<!--" + "-" * 500_000), "no_article"
    yield (
        "login.html",
        "<html><body><form><input name=user></form><a href=/>Home</a></body></html>",
        "no_article",
    )
    yield "attribute.html", page(f'<p title="{"a" * 7_000_000}">'), "article"
    yield "angles.html", page("<" * 500_000), "article"
    yield "metas.html", page("", "<meta " * 100_000), "article"
    yield "table.html", page("<table>" + "<tr><td>a" * 15_000 + "</table>"), "article"
    yield "script.html", page("<h1>Harbour &lt;script&gt;alert(1)&lt;/script&gt;</h1>"), "article"
    yield "zeros.html", page("\0"), "article"
    yield "data.html", page(data), "article"
    yield "charset.html", page("<p>\xff\xfe</p>", "<meta charset=hex>").encode("latin-1"), "article"


def _feeds() -> Iterator[Case]:
    def feed(text: str = "", before: str = "", head: str = "<item>") -> str:
        item = f"{head}<title>Harbour reopens</title><description>{STORY} {text}</description></item>"
        return f"{before}<rss><channel>{item}</channel></rss>"

    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 20))
    external = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    parameter = '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>'
    yield "laughs.xml", feed("&l19;", f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>'), "article"
    yield "long.xml", feed("&a;" * 50_000, f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>'), "article"
    yield "external.xml", feed("&x;", external), "article"
    yield "parameter.xml", feed("&x;", parameter), "article"
    yield "deep.xml", "<rss>" + "<a>" * 1_000_000, "bad_xml"
    yield "cut.xml", feed()[:-30], "bad_xml"
    yield (
        "attributes.xml",
        feed(head="<item " + " ".join(f"a{i}='1'" for i in range(100_000)) + ">"),
        "article",
    )
    yield "lying.xml", feed("\xe9", '<?xml version="1.0" encoding="utf-16"?>'), "article"
    yield (
        "gigabyte.xml",
        feed(head='<item><enclosure url="http://127.0.0.1:9/" length="1073741824"/>'),
        "article",
    )
    reference = "<NewsComponent Duid='a' EquivalentsList='yes'><NewsItemRef NewsItem='#a'/>"
    cycle = s.newsml1_item("Harbour reopens", f"<p>{STORY}</p>").replace("<NewsComponent>", reference, 1)
    yield "cycle.xml", f"<NewsML>{cycle}</NewsML>", "article"
    group = (
        "<groupSet root='g'><group id='g'><groupRef idref='g'/><itemRef residref='urn:a'/></group></groupSet>"
    )
    package = f"<packageItem xmlns='http://iptc.org/std/nar/2006-10-01/' guid='urn:a'>{group}</packageItem>"
    yield "cycle-g2.xml", package, "no_article"


def _archives() -> Iterator[Case]:
    inner = s.zipped(*((f"{i}.txt", b"a " * 20 * MEGABYTE) for i in range(4)))
    thrice = s.zipped(("c.zip", s.zipped(("b.zip", s.zipped(("a.zip", s.zipped(("a.txt", STORY))))))))
    paths = (("../../etc/cron.d/x", STORY), ("/etc/x.txt", STORY), ("C:\\x.txt", STORY))
    two = (("a.txt", STORY), ("b.txt", STORY))
    yield "bomb.zip", s.zipped(("a.txt", b"a " * 20 * MEGABYTE), ("b.txt", STORY)), "too_large article"
    yield "bombs.zip", s.zipped(*((f"{i}.zip", inner) for i in range(4))), "too_large " * 16
    yield "thrice.zip", thrice, "unsupported_format"
    yield "overlap.zip", quadratic_zip(), "article " * 40
    yield "paths.zip", s.zipped(*paths), "unsafe_path article article"
    yield "cut.zip", s.zipped(*two)[:-30], "truncated"
    yield "locked.zip", encrypted_zip(), "unreadable"
    yield "paths.tar", s.tarred(*paths), "unsafe_path article article"
    yield "links.tar", linked_tar(), "unsafe_path " * 5 + "article"
    yield "cut.tar", s.tarred(*two)[:1200], "article truncated"
    yield "size.tar", tar_header(b"a.txt", b"77777777777"), "truncated"
    yield "cut.txt.gz", gzip.compress(STORY.encode())[:-9], "truncated"
    yield "twice.txt.gz", gzip.compress(gzip.compress(STORY.encode())), "unsupported_format"
    yield "junk.txt.gz", gzip.compress(STORY.encode()) + b"junk", "unreadable"


def _captures() -> Iterator[Case]:
    lying = b"WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n" + s.warc_record(s.PAGE.encode())
    packed = gzip.compress(b"a" * 40 * MEGABYTE)
    part = "Content-Type: multipart/related; boundary=b{0}\r\n\r\n--b{0}\r\n"
    yield "lying.warc", lying, "unreadable article"
    yield "cut.warc", s.WARC[: len(s.WARC) // 2], "truncated"
    yield "bomb.warc", s.warc_record(packed, headers="Content-Encoding: gzip\r\n"), "too_large"
    yield "base64.mhtml", s.MHTML.replace("binary", "base64"), "no_article"
    yield "parts.mhtml", "MIME-Version: 1.0\r\n" + "".join(map(part.format, range(5000))), "too_large"
    yield "cut.iptc", s.IPTC[:60], "too_short"


def quadratic_zip() -> bytes:
    """Many entries of the index that all stand for the same packed data (D. Fifield, 2019)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    size = 400_000
    packed = packer.compress(b"a " * (size // 2)) + packer.flush()
    crc = zlib.crc32(b"a " * (size // 2))
    common = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, crc, len(packed), size, 5, 0)
    local = b"PK\x03\x04" + common + b"a.txt" + packed
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + b"a.txt"
    index = entry * 40
    return local + index + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 40, 40, len(index), len(local), 0)


def encrypted_zip() -> bytes:
    """One member, marked as encrypted."""
    data = bytearray(s.zipped(("a.txt", "secret words"), method=0))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def tar_header(name: bytes, size: bytes, kind: bytes = b"0") -> bytes:
    """A header with a right checksum; `size` in octal digits."""
    block = bytearray(512)
    block[: len(name)] = name
    block[124 : 124 + len(size)] = size
    block[156:157] = kind
    block[257:263] = b"ustar\0"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def linked_tar() -> bytes:
    """One entry of each kind that is no file, and a story."""
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
    names = iter(kinds)

    def change(entry: tarfile.TarInfo) -> None:
        if not entry.size:
            entry.type, entry.linkname = next(names), "/etc/passwd"

    return s.tarred(*((f"{i}.txt", "") for i in range(5)), ("story.txt", STORY), change=change)


def _large(folder: Path, sizes: Sizes) -> dict[str, Outcome]:
    """What is too large to be held: written in pieces."""
    story = json.dumps({"title": "Harbour reopens", "text": STORY}).encode()
    megabyte = b"word " * (MEGABYTE // 5)
    line = sizes.line // MEGABYTE
    _write(folder / "line.txt", [megabyte] * line)
    _write(folder / "line.html", [b"<html><body><p>", *[megabyte] * line])
    _write(folder / "line.jsonl", [story, b'\n{"text": "', *[megabyte] * line, b'"}\n', story])
    _write(folder / "line.json", [b"[", story, b',{"text": "', *[megabyte] * line, b'"},', story, b"]"])
    _write(folder / "object.json", [b'{"title": "Harbour reopens", "text": "', *[megabyte] * line, b'"}'])
    _write(folder / "line.csv", [b"title,text\nOne,", *[megabyte] * line, b"\nTwo,", STORY.encode(), b"\n"])
    _write(
        folder / "lines.csv",
        [b'title,text\nOne,"', *[megabyte + b"\n"] * line, b"\nTwo,", STORY.encode(), b"\n"],
    )
    _write(folder / "item.xml", [b"<rss><channel><item><description>", *[megabyte] * line])
    _write(folder / "page.warc", [s.warc_record(megabyte * line)])

    block = tar_header(b"a.txt", b"0") * 1000
    _write(folder / "entries.tar", [block] * (sizes.entries // 1000))
    _write(folder / "entries.tar.gz", [gzip.compress(block)] * (sizes.entries // 1000))
    with zipfile.ZipFile(folder / "entries.zip", "w") as archive:
        for number in range(sizes.entries // 10):
            archive.writestr(str(number), b"")

    times = sizes.bomb // (10 * MEGABYTE)
    words, numbers = megabyte * 10, b"1\n" * (5 * MEGABYTE)
    _write(folder / "bomb.txt.gz", [gzip.compress(words)] * times)
    _write(folder / "bomb.txt.bz2", [bz2.compress(words)] * times)
    _write(folder / "bomb.txt.xz", [lzma.compress(words)] * times)
    _write(folder / "bomb.txt.zst", [zstandard.compress(words)] * times)
    _write(folder / "bomb.jsonl.gz", [gzip.compress(words)] * times)
    _write(folder / "numbers.jsonl.gz", [gzip.compress(numbers)] * times)
    texts = pa.DictionaryArray.from_arrays(pa.array(bytes(sizes.rows), pa.uint8()), ["a" * 1000])
    pq.write_table(pa.table({"text": texts}), folder / "bomb.parquet")

    most = Limits().max_rejections
    entries = Outcome({"empty": min(sizes.entries, most), "too_large": int(sizes.entries > most)})
    in_limits = 504_576  # rows of 1,064 bytes in 512 MB, in batches of 64
    rows = Outcome({"too_short": min(sizes.rows, in_limits), "too_large": int(sizes.rows > in_limits)})
    packed = ("bomb.txt.gz", "bomb.txt.bz2", "bomb.txt.xz", "bomb.txt.zst", "bomb.jsonl.gz")
    whole = ("line.txt", "line.html", "object.json", "item.xml", "page.warc")
    return {
        **dict.fromkeys((*packed, *whole), Outcome(too_large=1)),
        **dict.fromkeys(("line.jsonl", "line.json"), Outcome(too_large=1, article=2)),
        **dict.fromkeys(("line.csv", "lines.csv"), Outcome(too_large=1, article=1)),
        **dict.fromkeys(("entries.tar", "entries.tar.gz"), +entries),
        "entries.zip": Outcome(empty=sizes.entries // 10),
        "numbers.jsonl.gz": Outcome(no_text_field=most, too_large=1),
        "bomb.parquet": +rows,
    }


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(pieces)


def _odd_names(folder: Path) -> dict[str, Outcome]:
    names = ["line\nbreak.txt", f"esc{ESCAPES}.txt", "a" * 251 + ".txt", "=cmd|'x'!A0.txt", "%2e%2e%2f.txt"]
    names += ["-rf.txt", "quo\"te'.txt", "<script>.txt", " .txt", "*?[x].txt"]
    for name in names:
        (folder / name).write_text(STORY)
    (folder / os.fsdecode(b"bytes\xff\xfe.txt")).write_text(STORY)
    expected = dict.fromkeys([*names, "bytes\\xff\\xfe.txt"], Outcome(article=1))
    (folder / f"{ESCAPES}.txt").touch()  # printed as an example of its reason
    return expected | {f"{ESCAPES}.txt": Outcome(empty=1)}


def _odd_entries(folder: Path) -> dict[str, Outcome]:
    """Entries of a folder that are no plain files."""
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "nothing.txt").symlink_to(folder / "not-there.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "folder.json").mkdir()
    (folder / "folder.json" / "story.txt").write_text(STORY)
    (folder / ".hidden.txt").write_text(STORY)
    deep = folder.joinpath(*["d"] * 300)
    deep.mkdir(parents=True)
    (deep / "story.txt").write_text(STORY)
    (folder / "locked.txt").write_text(STORY)
    (folder / "locked.txt").chmod(0)
    return {
        "self.txt": Outcome(unreadable=1),
        "nothing.txt": Outcome(unreadable=1),
        "folder.json/story.txt": Outcome(article=1),
        "d/" * 300 + "story.txt": Outcome(article=1),
        "locked.txt": Outcome(article=1)
        if os.access(folder / "locked.txt", os.R_OK)
        else Outcome(unreadable=1),
    }
