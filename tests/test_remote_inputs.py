"""Files from web servers and object stores: real servers on this machine, good ones and bad ones."""

from __future__ import annotations

import gzip
import hashlib
import io
import logging
import os
import signal
import ssl
import subprocess
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from flows.pipeline import Request, here, parse_files, plan_run
from flows.reading import InputError, find_files, remote, stores
from flows.reading.downloads import download
from flows.reading.inputs import version_number
from flows.reading.limits import Limits
from flows.reading.remote import holds_secret, shown_address
from warehouse.parquet import table_paths

STORY = b"""Harbour reopens after storm

The harbour of Varna reopened on Tuesday after a storm, port director Elena Petrova said.
"""
CORRECTED = STORY.replace(b"Tuesday", b"Wednesday")
LIMITS = Limits(timeout_seconds=1, max_download_bytes=200_000)
HELD = threading.Event()  # set when the servers end, so that none waits on


class Handler(BaseHTTPRequestHandler):
    """Answers as the site's pages say; keeps a log of what was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        site.log.append((self.command, self.path))
        self.close_connection = True
        page = site.pages.get(self.path.partition("?")[0])
        if callable(page):
            page(self)
        elif page is None:
            self.answer(404)
        else:
            self.answer(200, page, ETag=f'"{hashlib.md5(page).hexdigest()}"')

    do_HEAD = do_GET  # noqa: N815

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, text in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class Site:
    address: str
    pages: dict[str, bytes | Callable[[Handler], None]] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that hangs up


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(remote, "RETRY_SECONDS", (0.01, 0.01))
    HELD.clear()
    with Server(("127.0.0.1", 0), Handler) as server:
        server.site = Site(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.site  # type: ignore[attr-defined]
        HELD.set()
        server.shutdown()


@pytest.fixture
def safe_site(site: Site, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of the same site over TLS, and the certificate that it shows and signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    now = datetime.now(UTC)
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = builder.add_extension(host, critical=False).sign(key, hashes.SHA256())
    shown, secret = tmp_path / "shown.pem", tmp_path / "secret.pem"
    shown.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, secret)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.site = site  # type: ignore[attr-defined]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}", shown
        server.shutdown()


READ = """
import sys
from pathlib import Path
from flows.pipeline import Request, here, parse_files, plan_run

root, *inputs = sys.argv[1:]
parse_files(Path(root), plan_run(Request(tuple(inputs), Path(root))), here)
"""


@dataclass
class Newsroom:
    """A warehouse that is read into, up to the Parquet; nothing is annotated or built."""

    root: Path

    def read(self, *inputs: str, limits: Limits = LIMITS) -> bool:
        """Whether there was anything to read."""
        plan = plan_run(Request(inputs, self.root, limits=limits))
        counts = parse_files(self.root, plan, here)
        assert not list(self.root.glob("parquet/.tmp*"))
        return counts.files > 0

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        paths = table_paths(self.root, "parsed", table)
        return [
            tuple(row[c] for c in columns)
            for path in paths
            for row in pq.ParquetFile(path).read().to_pylist()
        ]


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path / "warehouse")


def test_a_file_is_fetched_once_and_again_when_its_version_changes(site: Site, newsroom: Newsroom) -> None:
    site.pages["/harbour.txt"] = STORY
    address = f"{site.address}/harbour.txt"
    assert newsroom.read(address)
    assert newsroom.rows("files", "file_path", "file_size") == [(address, len(STORY))]
    site.log.clear()
    assert not newsroom.read(address)
    assert site.log == [("HEAD", "/harbour.txt")]

    site.pages["/harbour.txt"] = CORRECTED
    assert newsroom.read(address)
    assert sorted("Wednesday" in text for (text,) in newsroom.rows("articles", "text")) == [False, True]


def test_a_server_without_versions_is_known_by_the_bytes_it_sends(site: Site, newsroom: Newsroom) -> None:
    site.pages["/a.txt"] = lambda handler: handler.answer(200, STORY)
    assert newsroom.read(f"{site.address}/a.txt")
    assert not newsroom.read(f"{site.address}/a.txt")
    site.pages["/a.txt"] = lambda handler: handler.answer(200, CORRECTED)
    assert newsroom.read(f"{site.address}/a.txt")
    assert len(newsroom.rows("articles", "text")) == 2


def test_a_file_that_changes_between_planning_and_reading_is_what_arrived(
    site: Site, newsroom: Newsroom
) -> None:
    def changing(handler: Handler) -> None:
        body = STORY if handler.command == "HEAD" else CORRECTED
        handler.answer(200, body, ETag=f'"{len(body)}"')

    site.pages["/a.txt"] = changing
    assert newsroom.read(f"{site.address}/a.txt")
    ((digest, number),) = newsroom.rows("files", "file_hash", "modified_ns")
    assert digest == hashlib.sha256(CORRECTED).hexdigest()
    assert number == version_number(f'"{len(CORRECTED)}" {len(CORRECTED)}')


def test_archives_and_packed_files_come_whole(site: Site, newsroom: Newsroom) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", STORY)
    site.pages["/day.zip"] = packed.getvalue()
    site.pages["/b.txt"] = lambda handler: handler.answer(
        200, gzip.compress(STORY), ETag='"1"', **{"Content-Encoding": "gzip"}
    )
    assert newsroom.read(f"{site.address}/day.zip?day=1", f"{site.address}/b.txt?day=2")
    assert newsroom.rows("articles", "file_path", "format_code") == [
        (f"{site.address}/day.zip?day=1!/a.txt", "text"),
        (f"{site.address}/b.txt?day=2", "text"),
    ]


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while handler.command == "GET":
        handler.wfile.write(b"Nothing new today.\n" * 1000)


def silent(handler: Handler) -> None:
    if handler.command == "GET":
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(STORY)
        handler.wfile.flush()
    HELD.wait(20)


def dripping(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while handler.command == "GET" and not HELD.wait(0.05):
        handler.wfile.write(b".")


def cut_short(handler: Handler) -> None:
    line = b'{"title": "Harbour reopens", "text": "The harbour of Varna reopened after a storm."}\n'
    handler.answer(200, line * 2 + line[:40], ETag='"1"', **{"Content-Length": "9000"})


def leading_to(target: str) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(302, Location=target)


@pytest.mark.parametrize(
    ("page", "articles", "reason", "detail"),
    [
        (endless, 0, "too_large", "a remote file of more than 195 KB"),
        (lambda h: h.answer(200, b"." * 300_000), 0, "too_large", "a remote file of more than 195 KB"),
        (dripping, 0, "unreadable", "slower than 10 KB a second"),
        (silent, 0, "unreadable", "no answer in 1 s"),
        (cut_short, 2, "truncated", "the connection broke before the end of the file"),
        (None, 0, "unreadable", "HTTP 404 Not Found"),
        (lambda h: h.answer(403), 0, "unreadable", "HTTP 403 Forbidden"),
        (
            lambda h: h.answer(200 if h.command == "HEAD" else 503),
            *(0, "unreadable", "HTTP 503 Service Unavailable"),
        ),
        (lambda h: h.answer(500), 0, "unreadable", "HTTP 500 Internal Server Error"),
        (leading_to("/page.jsonl"), 0, "unreadable", "more than 5 redirects"),
        (
            leading_to("file:///etc/hosts"),
            0,
            "unreadable",
            "it redirects to an address that is not http or https",
        ),
    ],
)
def test_a_bad_server_costs_its_own_file(
    site: Site,
    newsroom: Newsroom,
    page: Callable[[Handler], None] | None,
    articles: int,
    reason: str,
    detail: str,
) -> None:
    site.pages |= {"/good.txt": STORY} | ({"/page.jsonl": page} if page else {})
    inputs = (f"{site.address}/page.jsonl", f"{site.address}/good.txt")
    newsroom.read(*inputs)
    assert newsroom.rows("rejections", "reason_code", "detail") == [(reason, detail)]
    assert len(newsroom.rows("articles", "text")) == articles + 1
    newsroom.read(*inputs)  # it is tried again, and the same outcome is not written twice
    assert len(newsroom.rows("rejections", "reason_code")) == 1


def test_a_site_over_tls_is_read_when_its_certificate_is_trusted(
    site: Site, safe_site: tuple[str, Path], newsroom: Newsroom
) -> None:
    address, certificate = safe_site
    site.pages["/a.txt"] = STORY
    newsroom.read(f"{address}/a.txt", f"{site.address}/a.txt")
    detail = "its certificate is not trusted, or it does not speak TLS"
    assert newsroom.rows("rejections", "file_path", "detail") == [(f"{address}/a.txt", detail)]

    trusting = os.environ | {"SSL_CERT_FILE": str(certificate)}  # read once per process
    command = [sys.executable, "-c", READ, str(newsroom.root), f"{address}/a.txt"]
    subprocess.run(command, env=trusting, check=True)
    assert (f"{address}/a.txt", len(STORY)) in newsroom.rows("files", "file_path", "file_size")


def test_a_run_killed_while_a_file_comes_is_finished_by_the_next(site: Site, newsroom: Newsroom) -> None:
    is_coming = threading.Event()

    def stopping(handler: Handler) -> None:
        handler.answer(200, STORY[:40], ETag='"1"', **{"Content-Length": str(len(STORY))})
        if handler.command == "GET":
            handler.wfile.flush()
            is_coming.set()
            HELD.wait(20)

    site.pages |= {"/a.txt": STORY, "/b.txt": stopping}
    inputs = (f"{site.address}/a.txt", f"{site.address}/b.txt")
    with subprocess.Popen([sys.executable, "-c", READ, str(newsroom.root), *inputs]) as run:
        assert is_coming.wait(60)
        run.kill()
    assert run.returncode == -signal.SIGKILL
    site.pages["/b.txt"] = CORRECTED
    assert newsroom.read(*inputs)  # which also finds no piece of the download left
    assert sorted("Wednesday" in text for (text,) in newsroom.rows("articles", "text")) == [False, True]
    assert newsroom.rows("rejections", "detail") == []
    assert not newsroom.read(*inputs)


def test_what_passes_is_tried_again(site: Site, newsroom: Newsroom) -> None:
    def busy_at_first(handler: Handler) -> None:
        asked = site.log.count((handler.command, handler.path))
        handler.answer(503) if asked < 3 else handler.answer(200, STORY, ETag='"1"')

    site.pages["/a.txt"] = busy_at_first
    assert newsroom.read(f"{site.address}/a.txt")
    assert newsroom.rows("rejections", "detail") == []


def test_a_file_out_of_reach_keeps_what_was_read_of_it(
    site: Site, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    site.pages |= {"/a.txt": STORY, "/b.txt": STORY}
    inputs = (f"{site.address}/a.txt", f"{site.address}/b.txt")
    newsroom.read(*inputs)
    del site.pages["/a.txt"]
    site.pages["/b.txt"] = lambda h: h.answer(200 if h.command == "HEAD" else 500, STORY, ETag='"2"')
    assert not newsroom.read(*inputs)
    assert newsroom.rows("rejections", "detail") == []
    assert capsys.readouterr().err.count("what was read of it before stays") == 2
    site.pages |= {"/a.txt": STORY, "/b.txt": CORRECTED}
    assert newsroom.read(*inputs)
    assert len(newsroom.rows("files", "file_path")) == 3


def test_an_address_that_leads_nowhere_is_a_wrong_call_when_it_is_the_only_one(site: Site) -> None:
    with pytest.raises(InputError, match=r"/none\.txt: HTTP 404 Not Found\. Check the address"):
        find_files([f"{site.address}/none.txt?token=abc"], LIMITS)
    with pytest.raises(InputError, match="its host is not known"):
        find_files(["https://no-such-host.invalid/"], LIMITS)


def test_a_changed_limit_reads_again_what_was_too_large(site: Site, newsroom: Newsroom) -> None:
    site.pages["/a.txt"] = STORY
    small = replace(LIMITS, max_download_bytes=50)
    assert newsroom.read(f"{site.address}/a.txt", limits=small)
    assert not newsroom.read(f"{site.address}/a.txt", limits=replace(small, timeout_seconds=3))
    assert newsroom.read(f"{site.address}/a.txt")
    assert newsroom.rows("rejections", "reason_code") == [("too_large",)]
    assert len(newsroom.rows("articles", "text")) == 1


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://ann:pw@News.example:8080/a b.txt?page=2#top", "https://news.example:8080/a b.txt?page=2"),
        ("https://x.example/a?id=7&X-Amz-Signature=f00&X-Amz-Date=1", "https://x.example/a?id=7"),
        ("https://x.example/a?sv=1&sig=f00&se=2&restype=c", "https://x.example/a?restype=c"),
        ("https://x.example?access_token=f00", "https://x.example/"),
        (
            "https://x.example/a?sp=2&key=7&pageToken=9&api_key=1",
            "https://x.example/a?sp=2&key=7&pageToken=9",
        ),
        ("https://x.example/a?key=" + "f" * 30, "https://x.example/a"),
        ("https://ann:pw@[x.example/a?sig=f00", "https://[x.example/a"),
    ],
)
def test_secrets_are_not_shown(typed: str, shown: str) -> None:
    assert (shown_address(typed), holds_secret(typed), holds_secret(shown)) == (shown, True, False)


def test_no_secret_is_stored(site: Site, newsroom: Newsroom) -> None:
    site.pages["/a.txt"] = STORY
    address = site.address.replace("//", "//ann:pw@") + "/a.txt?id=7&token=f00&sig=f00"
    assert "f00" not in repr(find_files([address], LIMITS))
    assert newsroom.read(address, f"{site.address}/none.txt?token=f00")
    assert newsroom.rows("articles", "file_path") == [(f"{site.address}/a.txt?id=7",)]
    for table, columns in (("files", ("file_path", "file_key")), ("rejections", ("file_path", "detail"))):
        assert "f00" not in repr(newsroom.rows(table, *columns))
    assert site.log[-1] == ("GET", "/a.txt?id=7&token=f00&sig=f00")
    assert not newsroom.read(f"{site.address}/a.txt?id=7&token=f11")  # signed anew, the same file


def test_a_protocol_that_is_not_read() -> None:
    with pytest.raises(InputError, match="ftp:// is not read"):
        find_files(["ftp://a.example/x"])


def test_a_store_whose_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(protocol: str) -> None:
        raise ImportError(protocol)

    stores._store.cache_clear()
    monkeypatch.setattr(stores, "get_filesystem_class", missing)
    with pytest.raises(InputError, match=r"pip install 'newsmill\[gcs\]'"):
        find_files(["gs://news/a.txt"])


Put = Callable[[str, bytes], None]
KEYS = ("in/a.txt", "in/b/1.txt", "in/b/.hidden.txt", "in/b/c/2.txt", "in/x.json", "in2/z.txt", "q[1].txt")
BELOW_IN = ["in/a.txt", "in/b/1.txt", "in/b/c/2.txt", "in/x.json"]


@pytest.fixture(scope="module")
def s3() -> Iterator[tuple[str, Put]]:
    """An S3 server with a bucket: its address, and how to put an object there."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        stores._store.cache_clear()
        client = boto3.client("s3")
        client.create_bucket(Bucket="news")
        yield "s3://news", lambda key, body: client.put_object(Bucket="news", Key=key, Body=body)
        client.close()
    server.stop()


@pytest.fixture(scope="module")
def gs() -> Iterator[tuple[str, Put]]:
    """The same of Google Cloud Storage."""
    from gcp_storage_emulator.server import create_server

    server = create_server("127.0.0.1", 0, in_memory=True, default_bucket="news")
    server.start()
    address = f"http://127.0.0.1:{server._api._httpd.server_address[1]}"

    def put(key: str, body: bytes) -> None:
        url = f"{address}/upload/storage/v1/b/news/o?uploadType=media&name={quote(key, safe='')}"
        headers = {"Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(url, body, headers, method="POST")).close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORAGE_EMULATOR_HOST", address)
        stores._store.cache_clear()
        yield "gs://news", put
    server.stop()


@pytest.fixture(params=["s3", "gs"])
def store(request: pytest.FixtureRequest) -> tuple[str, Put]:
    bucket, put = request.getfixturevalue(request.param)
    for key in KEYS:
        put(key, b"Found at " + key.encode())
    return bucket, put


def test_objects_prefixes_and_globs(store: tuple[str, Put]) -> None:
    bucket, _ = store
    for typed, expected in {
        "": [*BELOW_IN, "in2/z.txt", "q[1].txt"],
        "/in": BELOW_IN,
        "/in/": BELOW_IN,
        "/in/a.txt": ["in/a.txt"],
        "/in/*.txt": ["in/a.txt"],
        "/in/**/*.txt": ["in/a.txt", "in/b/1.txt", "in/b/c/2.txt"],
        "/i*": [*BELOW_IN, "in2/z.txt"],
        "/**/[12].txt": ["in/b/1.txt", "in/b/c/2.txt"],
        "/q[1].txt": ["q[1].txt"],
        "/in/b/.h*": ["in/b/.hidden.txt"],
    }.items():
        found = [file.file_path for file in find_files([bucket + typed], LIMITS)]
        assert found == [f"{bucket}/{key}" for key in expected], typed
    for typed in ("/none", "/in/*.pdf", "-none/a.txt"):
        with pytest.raises(InputError, match="Check the address"):
            find_files([bucket + typed], LIMITS)


def test_objects_are_read_once_and_again_when_replaced(store: tuple[str, Put], newsroom: Newsroom) -> None:
    bucket, put = store
    put("day/a.txt", STORY)
    put("day/b.txt", STORY * 2)
    assert newsroom.read(f"{bucket}/day")
    assert newsroom.rows("files", "file_path", "file_size", "file_hash") == [
        (f"{bucket}/day/a.txt", len(STORY), hashlib.sha256(STORY).hexdigest()),
        (f"{bucket}/day/b.txt", 2 * len(STORY), hashlib.sha256(STORY * 2).hexdigest()),
    ]
    assert not newsroom.read(f"{bucket}/day")
    put("day/a.txt", CORRECTED)
    assert newsroom.read(f"{bucket}/day")
    assert len(newsroom.rows("files", "file_path")) == 3


def test_an_object_replaced_while_it_is_read_is_read_anew(
    store: tuple[str, Put], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket, put = store
    monkeypatch.setattr(remote, "RETRY_SECONDS", (0.01, 0.01))
    monkeypatch.setattr(stores, "_BLOCK_BYTES", 50)
    put("big.txt", b"a" * 120)
    before = stores.look(f"{bucket}/big.txt", LIMITS)
    put("big.txt", b"b" * 120)
    came = download(f"{bucket}/big.txt", before, tmp_path / "copy", LIMITS, threading.Event())
    assert (tmp_path / "copy").read_bytes() == b"b" * 120
    assert (came.fault, came.version == before.version) == (None, False)
