"""From what was typed to the files that are meant."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from flows.reading import InputError, file_hash, find_files, read_documents
from flows.records import Document


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b/2.txt", "b/1.txt", "a.html", "b/c/3.txt", ".hidden.txt", "b/.git/x.txt", "c.d[1].txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "in"


def paths(*inputs: str) -> list[str]:
    return [file.file_path for file in find_files(inputs)]


EVERYTHING = ["in/a.html", "in/b/1.txt", "in/b/2.txt", "in/b/c/3.txt", "in/c.d[1].txt"]


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (["in"], EVERYTHING),
        (["./in/"], EVERYTHING),
        (["in/*"], EVERYTHING),
        (["in/**"], EVERYTHING),
        (["in/b/2.txt", "in/b", "in//b/../b/1.txt"], ["in/b/2.txt", "in/b/1.txt", "in/b/c/3.txt"]),
        (["in/*.txt"], ["in/c.d[1].txt"]),
        (["in/**/*.txt"], ["in/b/1.txt", "in/b/2.txt", "in/b/c/3.txt", "in/c.d[1].txt"]),
        (["in/b/[12].txt"], ["in/b/1.txt", "in/b/2.txt"]),
        (["in/c.d[1].txt"], ["in/c.d[1].txt"]),
        (["in/.hidden.txt"], ["in/.hidden.txt"]),
        (["in/.h*"], ["in/.hidden.txt"]),
        (["**/3.*"], ["in/b/c/3.txt"]),
    ],
)
def test_found(folder: Path, inputs: list[str], expected: list[str]) -> None:
    assert paths(*inputs) == expected


def test_absolute_glob_and_what_is_known_of_a_file(folder: Path) -> None:
    (file,) = find_files([str(folder / "b" / "1*")])
    path = folder / "b" / "1.txt"
    assert (file.file_path, file.file_key) == (str(path), os.path.realpath(path))
    assert (file.size, file.modified_ns) == (7, path.stat().st_mtime_ns)
    assert file_hash(file) == file_hash(str(path)) == hashlib.sha256(b"b/1.txt").hexdigest()


@pytest.mark.parametrize(
    "typed",
    [
        "missing.txt",
        "in/*.pdf",
        "in/**/*.pdf",
        "",
        " ",
        "ftp://a.example/x.html",
        "a\0b",
        "/dev/null",
    ],
)
def test_a_wrong_input_says_what_to_do(folder: Path, typed: str) -> None:
    with pytest.raises(InputError, match=r"Check|Name"):
        find_files(["in", typed])


def test_loops_and_second_ways_to_a_file(folder: Path) -> None:
    (folder / "b" / "loop").symlink_to(folder)
    (folder / "b" / "self").symlink_to("self")
    (folder / "z.txt").symlink_to(folder / "b" / "1.txt")
    found = paths("in")
    assert sorted(set(found) - {"in/b/self"}) == EVERYTHING
    assert len(found) == 6
    assert paths("in/**/*.html") == ["in/a.html"]


def test_pipes_are_left_out(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    assert paths("in", "in/**") == EVERYTHING


def test_deep_folders(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(300):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("Deep down.")
    assert len(find_files([str(tmp_path)])) == 1


def test_a_name_that_is_not_text_can_be_read_and_stored(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("Named in Latin-1.")
    (file,) = find_files([str(tmp_path)])
    assert file.file_path == str(tmp_path / "caf\\xe9.txt")
    (item,) = read_documents(file)
    assert isinstance(item, Document)
    assert item.fields["text"] == "Named in Latin-1."
    assert len(file_hash(file)) == 64
