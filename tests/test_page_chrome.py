"""What is learned as page chrome is cut from all texts alike, in whatever order and runs they came."""

from pathlib import Path

import pytest

from flows import pipeline
from flows.pipeline import Request, here, plan_run, run_pipeline
from tests.marts import all_rows, value
from warehouse import parquet

FOOTER = "The Varna Weekly is printed by its readers on the old press in Harbour Street"
TOWNS = {  # and what each of them ships: stories of other words
    "Burgas": "sunflowers",
    "Constanta": "locomotives",
    "Odessa": "fertilizer",
    "Trabzon": "hazelnuts",
    "Batumi": "mandarins",
}


def write(inbox: Path, *towns: str) -> None:
    inbox.mkdir(exist_ok=True)
    for town in towns:
        body = (
            f"The mayor, Elena Petrova, said on Tuesday that the harbour of {town} was open again after a "
            f"storm, and that ships with {TOWNS[town]} could leave."
        )
        (inbox / f"{town}.txt").write_text(f"Harbour of {town} reopens\n\n{body}\n\n{FOOTER}\n")


def run(inbox: Path, warehouse: Path) -> bool:
    request = Request((str(inbox),), warehouse)
    plan = plan_run(request)
    if plan.has_work:
        run_pipeline(request, plan, here)
    return plan.has_work


def footers(warehouse: Path) -> int:
    return int(value(warehouse, f"select count(*) from marts.articles where text like '%{FOOTER}'"))


def test_it_is_the_same_in_one_run_or_two_and_a_person_has_the_last_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, once, twice = (tmp_path / name for name in ("inbox", "once", "twice"))
    write(inbox, *list(TOWNS)[3:])
    run(inbox, twice)
    assert footers(twice) == 2  # nothing to learn from yet
    write(inbox, *TOWNS)
    run(inbox, twice)
    assert footers(twice) == 0  # the old texts lost it too
    assert value(twice, "select (line, article_count, cut_count, decided_by) from marts.page_chrome") == (
        FOOTER,
        *(5, 5),
        "learned",
    )
    assert value(twice, "select sum(word_count) from marts.articles") == 5 * (4 + 25)
    run(inbox, once)
    assert all_rows(once) == all_rows(twice)
    assert not run(inbox, once)

    project = tmp_path / "project"
    (project / "seeds").mkdir(parents=True)
    for path in [*(pipeline.PROJECT / "seeds").glob("*.csv"), pipeline.PROJECT / "warehouse"]:
        if path.name != "page_chrome_decisions.csv":
            (project / path.relative_to(pipeline.PROJECT)).symlink_to(path)
    (project / "sql").symlink_to(pipeline.PROJECT / "sql")
    (project / "seeds" / "page_chrome_decisions.csv").write_text(
        f"scope_name,line,is_chrome,note\ninbox,{FOOTER},false,they do print it\n"
    )
    monkeypatch.setattr(pipeline, "PROJECT", project)
    monkeypatch.setattr(parquet, "SEEDS", project / "seeds")
    assert run(inbox, once)
    assert footers(once) == 5
    assert value(once, "select (is_chrome, cut_count) from marts.page_chrome") == (False, 0)
