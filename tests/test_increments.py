"""The same input again changes nothing; a change changes exactly what it must."""

import os
from pathlib import Path

import pytest

from flows.pipeline import Outcome, Request, here, plan_run, run_pipeline
from tests.marts import value

STORY = """Harbour reopens after storm

The harbour of Varna reopened on Tuesday after a storm, port director Elena Petrova said.
"""
CORRECTED = STORY.replace("Tuesday", "Wednesday")


def run(inbox: Path, warehouse: Path) -> Outcome | None:
    request = Request((str(inbox),), warehouse)
    plan = plan_run(request)
    return run_pipeline(request, plan, here) if plan.has_work else None


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "harbour.txt").write_text(STORY)
    (folder / "empty.txt").write_text("")
    return folder


def test_only_what_is_new_is_worked_on(inbox: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    first = run(inbox, warehouse)
    assert first is not None
    assert (first.files_new, first.articles, first.rejections, first.texts_annotated) == (2, 1, 1, 1)
    assert run(inbox, warehouse) is None
    os.utime(inbox / "harbour.txt")  # a new time, the same bytes
    assert run(inbox, warehouse) is None

    (inbox / "copy.txt").write_text(STORY)
    second = run(inbox, warehouse)
    assert second is not None
    assert (second.files_new, second.articles, second.texts_annotated) == (1, 1, 0)  # a copy costs nothing
    assert value(warehouse, "select count(*) from marts.articles") == 2
    assert value(warehouse, "select count(distinct text_group_id) from marts.articles") == 1


def test_changed_content_is_a_new_version_and_the_old_one_stays_in_raw(inbox: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    run(inbox, warehouse)
    (inbox / "harbour.txt").write_text(CORRECTED)
    (inbox / "empty.txt").unlink()
    outcome = run(inbox, warehouse)
    assert outcome is not None
    assert outcome.files_new == 1
    assert value(warehouse, "select list(text like '%Wednesday%') from marts.articles") == [True]
    assert value(warehouse, "select count(*) from raw.articles") == 2
    assert value(warehouse, "select count(*) from marts.rejections") == 1  # its file is gone, its row is not

    (inbox / "harbour.txt").write_text(STORY)  # and back again: the latest counts, even if seen before
    run(inbox, warehouse)
    assert value(warehouse, "select list(text like '%Tuesday%') from marts.articles") == [True]


def test_records_that_share_the_address_of_a_list_are_not_versions_of_one_article(tmp_path: Path) -> None:
    lines = [
        f'{{"title": "Notice {n}", "text": "Notice number {n} of the town of Varna.", "url": "{url}"}}'
        for n, url in enumerate(["https://t.example/day"] * 3 + ["https://t.example/one"] * 2)
    ]
    (tmp_path / "day.jsonl").write_text("\n".join(lines))
    warehouse = tmp_path / "warehouse"
    run(tmp_path / "day.jsonl", warehouse)
    titles = value(warehouse, "select list(title order by title) from marts.articles")
    assert titles == ["Notice 0", "Notice 1", "Notice 2", "Notice 4"]  # the last of two is a new version
