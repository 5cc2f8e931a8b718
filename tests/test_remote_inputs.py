"""Files from web servers and object stores: real servers on this machine, good ones and bad ones."""

from __future__ import annotations

import hashlib
import io
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.pipeline import Outcome, Request, here, plan_run, run_pipeline
from flows.reading import InputError, find_files, remote, stores
from flows.reading.limits import Limits
from flows.reading.remote import holds_secret, shown_address
from tests.marts import value
from warehouse.query import query

STORY = b"""Harbour reopens after storm

The harbour of Varna reopened on Tuesday after a storm, port director Elena Petrova said.
"""
LIMITS = Limits(timeout_seconds=2, max_download_bytes=200_000)


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

    do_HEAD = do_GET

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
    with Server(("127.0.0.1", 0), Handler) as server:
        server.site = Site(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.site  # type: ignore[attr-defined]
        server.shutdown()


def run(warehouse: Path, *inputs: str, limits: Limits = LIMITS) -> Outcome | None:
    request = Request(inputs, warehouse, limits=limits)
    plan = plan_run(request)
    return run_pipeline(request, plan, here) if plan.has_work else None


def rejections(warehouse: Path) -> list[tuple[str, str]]:
    sql = "select reason_code, detail from marts.rejections order by file_path"
    return [(reason, detail) for reason, detail in query(warehouse / "news.duckdb", sql)[1]]


def test_a_page_is_fetched_once_and_again_when_its_version_changes(site: Site, tmp_path: Path) -> None:
    site.pages["/harbour.txt"] = STORY
    address = f"{site.address}/harbour.txt"
    assert run(tmp_path, address) is not None
    found = "select struct_pack(file_path, size := (select any_value(file_size) from marts.files)) from marts.articles"
    assert value(tmp_path, found) == {"file_path": address, "size": len(STORY)}
    site.log.clear()
    assert run(tmp_path, address) is None
    assert site.log == [("HEAD", "/harbour.txt")]

    site.pages["/harbour.txt"] = STORY.replace(b"Tuesday", b"Wednesday")
    assert run(tmp_path, address) is not None
    assert value(tmp_path, "select list(text like '%Wednesday%') from marts.articles") == [True]
    assert not list(tmp_path.glob("parquet/.tmp*"))


def test_a_server_without_versions_is_known_by_the_bytes_it_sends(site: Site, tmp_path: Path) -> None:
    site.pages["/a.txt"] = lambda handler: handler.answer(200, STORY)
    assert run(tmp_path, f"{site.address}/a.txt") is not None
    assert run(tmp_path, f"{site.address}/a.txt") is None
    site.pages["/a.txt"] = lambda handler: handler.answer(200, STORY.replace(b"Tuesday", b"Wednesday"))
    assert run(tmp_path, f"{site.address}/a.txt") is not None
    assert value(tmp_path, "select count(*) from raw.articles") == 2
