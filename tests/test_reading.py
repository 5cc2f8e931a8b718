"""The read stage: what each format gives, and the reason each broken input is rejected for."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.parsing.html import decode_page
from flows.reading import FieldMap, InputError, Limits, find_files, read_documents
from flows.records import Document, Reason, Rejection

SMALL = Limits(max_record_bytes=2000, max_json_bytes=20_000, max_expansion=20)
RECORD = {"title": "Ferry resumes", "text": "The ferry resumed service on Monday.", "date": "2026-03-02"}


def items(folder: Path, name: str, data: bytes | str, **options: Any) -> list[Document | Rejection]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (file,) = find_files([str(path)])
    return list(read_documents(file, **options))


def told(found: list[Document | Rejection]) -> list[str]:
    """Per item its text, or the reason it was rejected for; the numbers must run from 1."""
    assert [item.record_number for item in found] == list(range(1, len(found) + 1))
    return [
        item.reason.value if isinstance(item, Rejection) else item.fields.get("text", "<page>")
        for item in found
    ]


def lines(*records: object) -> str:
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


def table(*rows: list[str], **dialect: Any) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, **dialect).writerows(rows)
    return out.getvalue()


PAGE = "<!DOCTYPE html><html><head><title>T</title></head><body><p>Text</p></body></html>"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", Reason.EMPTY),
        ("a.txt", b" \n\t\n", Reason.EMPTY),
        ("a.txt", codecs.BOM_UTF8, Reason.EMPTY),
        ("a.txt.gz", gzip.compress(b""), Reason.EMPTY),
        ("a.jsonl", b"\n\n  \n", Reason.EMPTY),
        ("a.json", b"[]", Reason.EMPTY),
        ("a.json", b'{"status": "ok", "articles": []}', Reason.EMPTY),
        ("a.csv", b"title,text\n", Reason.EMPTY),
        ("a.txt", b"Prose with a \0 in it, far from anything else that is odd." * 3, Reason.BINARY),
        ("a.html", bytes(range(256)) * 4, Reason.BINARY),
        ("a.txt", b"%PDF-1.7 text follows", Reason.BINARY),
        ("a.pdf", b"%PDF-1.7 text follows", Reason.UNSUPPORTED_FORMAT),
        ("README.md", b"# Notes\n\nAbout these files.\n", Reason.UNSUPPORTED_FORMAT),
        ("a.xml", b"<?xml version='1.0'?><ledger><line/></ledger>", Reason.UNSUPPORTED_FORMAT),
        ("a.txt.gz", gzip.compress(gzip.compress(b"Twice packed.")), Reason.UNSUPPORTED_FORMAT),
        ("a.txt.gz", gzip.compress(b"A text that was cut. " * 50)[:-12], Reason.TRUNCATED),
        ("a.html.zst", zstandard.compress(PAGE.encode())[:-4], Reason.TRUNCATED),
        ("a.txt.gz", b"\x1f\x8b\x08\0 this is not deflated at all", Reason.UNREADABLE),
        ("a.txt.zst", b"\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff nor this", Reason.UNREADABLE),
        ("a.txt", "long " * 1000, Reason.TOO_LARGE),
        ("a.html", PAGE + "<p>long</p>" * 1000, Reason.TOO_LARGE),
        ("a.json", '{"articles": [' + json.dumps(RECORD) + ", 1" * 9000 + "]}", Reason.TOO_LARGE),
        ("a.txt.gz", gzip.compress(b"a" * 10_000_000), Reason.TOO_LARGE),
        ("a.txt.zst", zstandard.compress(b"a" * 10_000_000), Reason.TOO_LARGE),
        ("a.json", b"this is not JSON", Reason.BAD_JSON),
        ("a.json", b'{"title": "Cut off", "text": "Here it', Reason.BAD_JSON),
        ("a.json", b'{"text": ' * 600 + b"1" + b"}" * 600, Reason.TOO_LARGE),
        ("a.jsonl", b"[" * 1900, Reason.BAD_JSON),
        ("a.json", b'{"a":' * 300 + b"[" * 300 + b"]" * 300, Reason.BAD_JSON),
        ("a.json", b'{"title": "No text", "views": 12}', Reason.NO_TEXT_FIELD),
        ("a.json", b'{"title": "T", "text": "  "}', Reason.NO_TEXT_FIELD),
        ("a.json", b"[1, 2, 3]", Reason.NO_TEXT_FIELD),
        ("a.csv", b"name,price\nBread,2\n", Reason.NO_TEXT_FIELD),
        ("a.csv", b'title,text\nT,"never closed\n', Reason.BAD_CSV),
    ],
)
def test_rejected_for(tmp_path: Path, name: str, data: bytes | str, reason: Reason) -> None:
    (item,) = items(tmp_path, name, data, limits=SMALL)
    assert isinstance(item, Rejection)
    assert (item.reason, item.record_number) == (reason, 1)
    assert item.detail


def test_deep_nesting_is_bad_json(tmp_path: Path) -> None:
    deep = '{"text": ' * 100_000 + "1" + "}" * 100_000
    assert told(items(tmp_path, "a.json", deep)) == ["bad_json"]
    assert told(items(tmp_path, "a.jsonl", lines(deep, RECORD))) == ["bad_json", RECORD["text"]]


def test_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (file,) = find_files([str(tmp_path)])
    (item,) = read_documents(file)
    assert isinstance(item, Rejection)
    assert item.reason is Reason.UNREADABLE


@pytest.mark.parametrize(
    ("name", "data", "format_code", "kept"),
    [
        ("a.txt", "Plain text.", "text", "Plain text."),
        ("A.TEXT", "Plain text.", "text", "Plain text."),
        ("a.html", PAGE, "html", "<page>"),
        ("a.txt", "\n<!-- saved -->\n" + PAGE, "html", "<page>"),
        ("a.json", PAGE, "html", "<page>"),
        ("a.txt", "<p>A fragment is text.</p>", "text", "<p>A fragment is text.</p>"),
        ("a.html", "No markup at all.", "text", "No markup at all."),
        ("a.txt", json.dumps(RECORD), "json", RECORD["text"]),
        ("a.json", lines(RECORD, RECORD), "jsonl", RECORD["text"]),
        ("a.json", lines("{broken", RECORD), "jsonl", "bad_json"),
        ("a.jsonl", json.dumps([RECORD], indent=2), "json", RECORD["text"]),
        ("a.jsonl", json.dumps(RECORD, indent=2), "json", RECORD["text"]),
        ("export", lines(RECORD), "json", RECORD["text"]),
        ("page.php", PAGE, "html", "<page>"),
        ("export", table(["date", "title", "text"], ["2026", "T", "Text."]), "csv", "Text."),
        ("a.csv", table(["title", "text"], ["T", "Text."], delimiter=";"), "csv", "Text."),
        ("a.csv", table(["title", "text"], ["T", "Text."], delimiter="|"), "csv", "Text."),
        ("a.csv", "sep=;\r\ntitle;text\r\nT;Text.\r\n", "csv", "Text."),
        (
            "a.tsv",
            table(["title", "text"], ["T", "Text, all of it."], delimiter="\t"),
            "tsv",
            "Text, all of it.",
        ),
        ("a.csv", "title,text\rT,Text.\r", "csv", "Text."),
        ("a.csv", 'title,text\nT,"He said \\"no\\"."\n', "csv", 'He said "no".'),
    ],
)
def test_format(tmp_path: Path, name: str, data: str, format_code: str, kept: str) -> None:
    found = items(tmp_path, name, data)
    assert told(found)[0] == kept
    assert {item.format_code for item in found if isinstance(item, Document)} <= {format_code}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_packed_by_content_whatever_the_ending(tmp_path: Path, pack: Any) -> None:
    for name in ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst"):
        assert told(items(tmp_path, name, pack(lines(RECORD, RECORD).encode()))) == [RECORD["text"]] * 2


def test_several_members_and_padding_are_one_file(tmp_path: Path) -> None:
    one, two = lines({"text": "One."}).encode(), lines({"text": "Two."}).encode()
    padded = gzip.compress(one) + gzip.compress(two) + b"\0" * 512
    assert told(items(tmp_path, "a.jsonl.gz", padded)) == ["One.", "Two."]
    skippable = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
    frames = skippable + zstandard.compress(one) + zstandard.compress(two)
    assert told(items(tmp_path, "b.jsonl.zst", frames)) == ["One.", "Two."]


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("zst", zstandard.compress)])
def test_truncated_keeps_the_records_before(tmp_path: Path, ending: str, pack: Any) -> None:
    texts = [f"Record {number}: " + str(number**400) for number in range(2, 400)]
    packed = pack(lines(*({"text": text} for text in texts)).encode())
    found = told(items(tmp_path, f"a.jsonl.{ending}", packed[: len(packed) // 2]))
    assert found[-1] == "truncated"
    assert len(found) > 20
    assert found[:-1] == texts[: len(found) - 1]
    array = pack(json.dumps([{"text": text} for text in texts]).encode())
    cut = told(items(tmp_path, f"a.json.{ending}", array[: len(array) // 2]))
    assert cut[-1] == "truncated"
    assert cut[0] == texts[0]


def test_bad_lines_cost_only_themselves(tmp_path: Path) -> None:
    data = lines(RECORD, "{broken", "", "  ", '"a string"', {"text": "x" * 5000}, {"views": 3}, RECORD)
    found = items(tmp_path, "a.jsonl", data, limits=SMALL)
    good = RECORD["text"]
    assert told(found) == [good, "bad_json", "no_text_field", "too_large", "no_text_field", good]
    assert "views" in found[4].detail  # type: ignore[union-attr]


def test_last_line_needs_no_newline_and_too_long_lines_are_skipped_at_the_end(tmp_path: Path) -> None:
    assert told(items(tmp_path, "a.jsonl", '{"text": "One."}\n{"text": "Two."}')) == ["One.", "Two."]
    found = told(items(tmp_path, "b.jsonl", '{"text": "One."}\n' + "x" * 9000, limits=SMALL))
    assert found == ["One.", "too_large"]


@pytest.mark.parametrize("limits", [Limits(), Limits(max_record_bytes=60)])
@pytest.mark.parametrize("gap", [", ", ",\n"])
def test_a_broken_element_costs_only_itself(tmp_path: Path, limits: Limits, gap: str) -> None:
    parts = ['{"text": "One ] } \\" , [."}', '{"text" "broken"}', "17", '{"text": "Two."}']
    found = told(items(tmp_path, "a.json", "[" + gap.join(parts) + "]", limits=limits))
    assert found == ['One ] } " , [.', "bad_json", "no_text_field", "Two."]
    open_end = told(items(tmp_path, "b.json", "[" + gap.join(parts[:1]) + ', {"text": "cut', limits=limits))
    assert open_end == ['One ] } " , [.', "bad_json"]


def test_too_long_element_costs_only_itself(tmp_path: Path) -> None:
    data = json.dumps([{"text": "One."}, {"text": "x\\" * 5000}, {"text": "Two."}])
    assert told(items(tmp_path, "a.json", data, limits=SMALL)) == ["One.", "too_large", "Two."]


@pytest.mark.parametrize(
    "value",
    [
        [RECORD, RECORD],
        {"status": "ok", "totalResults": 2, "articles": [RECORD, RECORD]},
        {"title": "The feed", "description": "About it", "items": [RECORD, RECORD]},
        {"response": {"docs": [RECORD, RECORD], "facets": [{"count": 1}]}},
        {"hits": {"total": 2, "hits": [{"_id": "1", "_source": RECORD}, {"_id": "2", "_source": RECORD}]}},
        {"rss": {"channel": {"title": "Feed", "item": [RECORD, RECORD]}}},
        {"17": RECORD, "18": RECORD},
        [{"articles": [RECORD]}, {"articles": [RECORD]}],
    ],
)
def test_wrapped_records(tmp_path: Path, value: object) -> None:
    for indent in (None, 2):
        found = items(tmp_path, "a.json", json.dumps(value, indent=indent))
        assert [item.fields["title"] for item in found if isinstance(item, Document)] == ["Ferry resumes"] * 2


def test_concatenated_objects(tmp_path: Path) -> None:
    pretty = json.dumps(RECORD, indent=1)
    assert told(items(tmp_path, "a.json", pretty + pretty + "\n" + pretty)) == [RECORD["text"]] * 3


def test_lists_inside_one_article_are_not_records(tmp_path: Path) -> None:
    article = {**RECORD, "comments": [{"text": "First!"}], "authors": [{"name": "A. Writer"}]}
    (item,) = items(tmp_path, "a.json", json.dumps(article))
    assert isinstance(item, Document)
    assert item.fields == {**RECORD, "authors": ["A. Writer"]}
    blocks = {"title": "T", "content": [{"type": "p", "text": "One."}, {"type": "p", "text": "Two."}]}
    assert told(items(tmp_path, "b.json", json.dumps(blocks))) == ["One.\n\nTwo."]


def test_json_as_people_write_it(tmp_path: Path) -> None:
    data = b'{"text": "caf\xe9 \\ud800", "views": NaN}\n{"text": "A\ttab \\u0000."},\n'
    assert told(items(tmp_path, "a.jsonl", data)) == ["café \ufffd", "A\ttab ."]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"HEADLINE": "T", "Full-Text": "X", "pubDate": "D"}, {"title": "T", "text": "X", "date": "D"}),
        ({"headline": {"main": "T"}, "body": {"rendered": "X"}}, {"title": "T", "text": "X"}),
        ({"source": {"id": None, "name": "The Post"}, "content": "X"}, {"outlet": "The Post", "text": "X"}),
        (
            {"source.name": "The Post", "index.link": "L", "story": "X"},
            {"outlet": "The Post", "url": "L", "text": "X"},
        ),
        ({"text": "", "body": "X", "name": "nan"}, {"text": "X"}),
        ({"text": "X", "user.name": "Somebody"}, {"text": "X"}),
        ({"title": "T", "description": "Short."}, {"title": "T", "text": "Short."}),
        ({"description": "Short.", "content": "Long."}, {"text": "Long."}),
        (
            {"text": ["One.", "Two."], "author": ["A", {"name": "B"}]},
            {"text": "One.\n\nTwo.", "authors": ["A", "B"]},
        ),
        ({"text": "X", "author": {"firstName": "A", "lastName": "B"}}, {"text": "X", "authors": "A B"}),
        (
            {"text": "X", "created": {"$date": {"$numberLong": "1546300800000"}}},
            {"text": "X", "date": "1546300800000"},
        ),
        (
            {"text": "X", "date": 20190104, "_id": {"$oid": "5f"}},
            {"text": "X", "date": "20190104", "id": "5f"},
        ),
        ({"text": "X", "metadata": {"title": "T", "url": "U"}}, {"text": "X", "title": "T", "url": "U"}),
        ({"text": PAGE, "url": "U"}, {"html": PAGE, "url": "U"}),
        ({"html": PAGE, "text": "X"}, {"text": "X"}),
        ({"html": "<p>X</p>"}, {"text": "<p>X</p>"}),
        ({"text": True, "title": "T"}, {"title": "T"}),
        (
            {"text": "X", "guid": "https://a.b/1"},
            {"text": "X", "id": "https://a.b/1", "url": "https://a.b/1"},
        ),
        ({"_source": {"title": "T", "text": "X"}, "_id": "5"}, {"title": "T", "text": "X", "id": "5"}),
    ],
)
def test_fields(record: dict[str, Any], expected: dict[str, Any]) -> None:
    assert FieldMap.default().find(record) == expected


def test_mapped_names_replace_the_usual_ones() -> None:
    fields = FieldMap.parse(["text=Lead", "text = article.main", "outlet=senator"])
    record = {"text": "not this", "senator": "S", "source": "nor this", "article": {"main": "X"}}
    assert fields.find(record) == {"text": "X", "outlet": "S"}
    assert fields.find({**record, "lead": "L"})["text"] == "L"
    assert not FieldMap.parse(["text=story"]).has_text(["text", "title"])


@pytest.mark.parametrize("mapping", ["texts=story", "text", "text=", "=story"])
def test_a_wrong_mapping_says_what_to_do(mapping: str) -> None:
    with pytest.raises(InputError, match=r"text=story|text, html, title, date, url, outlet, authors"):
        FieldMap.parse([mapping])


def test_csv_rows(tmp_path: Path) -> None:
    data = table(
        ["url", "date", "title", "text"],
        ["https://a.example/1", "2026-01-01", 'A "quoted" title', "One,\n\ntwo\r\nthree"],
        [],
        ["https://a.example/2", "2026-01-02", "Three columns"],
        ["https://a.example/3", "2026-01-03", "Trailing comma", "Good.", ""],
        ["https://a.example/4", "2026-01-04", "No text", ""],
    )
    found = items(tmp_path, "a.csv", codecs.BOM_UTF8 + data.encode())
    assert told(found) == ["One,\n\ntwo\r\nthree", "bad_csv", "Good.", "no_text_field"]
    assert isinstance(found[0], Document)
    assert found[0].fields["url"] == "https://a.example/1"
    assert found[0].fields["title"] == 'A "quoted" title'


def test_an_open_quote_costs_only_its_row(tmp_path: Path) -> None:
    head = ["date,title,text"]
    good = [f'2026-01-0{day},"Title, {day}","Text {day}.\n\nMore."' for day in range(1, 5)]
    broken = '2026-01-09,"Never closed,Text.'
    expected = [f"Text {day}.\n\nMore." for day in range(1, 5)]
    middle = "\n".join([*head, *good[:2], broken, *good[2:]])
    assert told(items(tmp_path, "a.csv", middle)) == [*expected[:2], "bad_csv", *expected[2:]]
    plain = [f"2026-01-0{day},Title,Text {day}." for day in range(1, 5)]
    swallowed = "\n".join([*head, plain[0], broken, *plain[1:]])
    assert told(items(tmp_path, "b.csv", swallowed)) == [
        "Text 1.",
        "bad_csv",
        "Text 2.",
        "Text 3.",
        "Text 4.",
    ]
    many = "\n".join([*head, plain[0], broken, *plain[1:] * 200])
    assert told(items(tmp_path, "c.csv", many, limits=SMALL)).count("Text 4.") == 200


def test_a_loose_quote_inside_a_text_is_one_rejection(tmp_path: Path) -> None:
    bad = '2026-01-02,T,"He said "stop, now".\n\nThen, he, left."'
    data = "\n".join(["date,title,text", "2026-01-01,T,One.", bad, "2026-01-03,T,Three."])
    assert told(items(tmp_path, "a.csv", data)) == ["One.", "bad_csv", "Three."]


def test_too_long_row_costs_only_itself(tmp_path: Path) -> None:
    data = table(["title", "text"], ["T", "One."], ["T", "x" * 9000], ["T", "Two."])
    assert told(items(tmp_path, "a.csv", data, limits=SMALL)) == ["One.", "too_large", "Two."]


TEXT = "Señor Müller’s café – “open” until 9 p.m., said the owner."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert told(items(tmp_path, "a.txt", TEXT.encode(encoding))) == [TEXT]
    assert told(items(tmp_path, "a.csv", table(["title", "text"], ["T", TEXT]).encode(encoding))) == [TEXT]
    data = json.dumps({"text": TEXT}, ensure_ascii=False) + "\n"
    assert told(items(tmp_path, "a.jsonl", data.encode(encoding))) == [TEXT]


def test_other_scripts_and_mixed_bytes(tmp_path: Path) -> None:
    russian = "Президент подписал указ о назначении нового министра. " * 8
    assert told(items(tmp_path, "a.txt", russian.encode("cp1251"))) == [russian.strip()]
    mixed = "naïve — déjà vu ".encode() + "façade".encode("cp1252")
    assert told(items(tmp_path, "b.txt", mixed)) == ["naïve — déjà vu façade"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "It’s late"),
        ("cp1252", "“Never” — again…"),
        ("cp1252", "The ferry runs again. " * 20 + "It’s £5."),
        ("cp1252", "Été à Évry"),
        ("cp1252", "Größe zählt nicht"),
        ("cp1252", "¿Qué pasó? ¡Olé!"),
        ("cp1252", "Es kostet 5 € pro Tag, sagte er."),
        ("cp1252", "Il traghetto è tornato, perché la città è così."),
        ("cp1250", "Burmistrz ogłosił w poniedziałek, że prom znów pływa przez zatokę."),
        ("iso8859_2", "Starosta oznámil, že přívoz po devíti dnech bouře opět jezdí přes záliv."),
        ("cp1251", "Привет, мир"),
        ("koi8_r", "Паром снова ходит через залив после девяти дней шторма."),
        ("cp1253", "Ο δήμαρχος ανακοίνωσε ότι το πλοίο διασχίζει ξανά τον κόλπο."),
        ("cp1254", "Belediye başkanı feribotun dokuz günlük fırtınadan sonra çalıştığını söyledi."),
        ("cp1256", "أعلن رئيس البلدية يوم الاثنين أن العبارة تعبر الخليج مرة أخرى."),
        ("cp932", "市長は月曜日、フェリーが九日間の嵐のあと再び湾を渡ると発表した。"),
        ("euc_jp", "市長は月曜日、フェリーが九日間の嵐のあと再び湾を渡ると発表した。"),
        ("gb18030", "渡轮恢复通航"),
        ("big5", "市長星期一宣布，渡輪再次橫渡海灣，居民們很高興。"),
        ("cp949", "시장은 월요일 아흐레 동안의 폭풍 끝에 여객선이 다시 만을 건넌다고 발표했다."),
    ],
)
def test_an_encoding_that_nobody_declares(tmp_path: Path, encoding: str, text: str) -> None:
    assert told(items(tmp_path, "a.txt", text.encode(encoding))) == [text]
    page = f"<html><head><title>{text}</title></head><body><p>{text}</p></body></html>"
    assert decode_page(page.encode(encoding)) == page


ENDINGS = ["txt", "html", "json", "jsonl", "csv", "tsv", "gz", "zst", "dat"]
# Random bytes seldom get past the first check; these do.
STARTS = [
    b"",
    b"[",
    b'{"text": "',
    b'[{"text": 1},',
    b'title,text\n"',
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"\xff\xfe",
]
SOUP = st.lists(
    st.sampled_from([b'"', b"{", b"}", b"[", b"]", b",", b"\\", b"\n", b'{"text":"x"}', b":", b"\r", b"a"])
)
BYTES = st.one_of(st.binary(max_size=300), SOUP.map(b"".join))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ending=st.sampled_from(ENDINGS), start=st.sampled_from(STARTS), data=BYTES)
def test_any_bytes_give_at_least_one_item(tmp_path: Path, ending: str, start: bytes, data: bytes) -> None:
    for limits in (Limits(), Limits(max_record_bytes=40, max_json_bytes=80)):
        found = items(tmp_path, f"any.{ending}", start + data, limits=limits)
        assert len(told(found)) >= 1
        for item in found:
            if isinstance(item, Document):
                content = item.fields.get("text") or item.fields.get("html")
                assert content
                assert isinstance(content, bytes) or content.encode()


WORDS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=5)
    .map(str.strip)
    .filter(lambda s: len(s) > 4)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WORDS, min_size=1, max_size=8), in_ascii=st.booleans())
def test_round_trips(tmp_path: Path, texts: list[str], in_ascii: bool) -> None:
    records = [{"title": f"Title {number}", "text": "News: " + text} for number, text in enumerate(texts)]
    expected = [record["text"] for record in records]
    dumped = [json.dumps(record, ensure_ascii=in_ascii) for record in records]
    assert told(items(tmp_path, "a.jsonl", "\n".join(dumped))) == expected
    assert told(items(tmp_path, "a.json", "[" + ",".join(dumped) + "]")) == expected
    split = Limits(max_record_bytes=max(len(record.encode()) for record in dumped) + 1)
    assert told(items(tmp_path, "b.json", "[" + ",".join(dumped) + "]", limits=split)) == expected
    rows = table(["title", "text"], *([record["title"], record["text"]] for record in records))
    assert told(items(tmp_path, "a.csv", rows)) == expected
