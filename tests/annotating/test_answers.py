"""What is kept of a function's answers: each is asked for once, and memory is bounded."""

import pytest

from flows.annotating import answers


def test_answers_are_kept_of_short_strings_and_let_go_of_when_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_KEPT", 2)
    asked: list[str] = []
    length = answers.kept(lambda string: asked.append(string) or len(string))
    long = "x" * (answers.LONGEST_KEPT + 1)
    assert [length(string) for string in ("a", "bb", "a", long, long)] == [1, 2, 1, len(long), len(long)]
    assert asked == ["a", "bb", long, long]
    assert [length("ccc"), length("a")] == [3, 1]  # the third makes room first
    assert asked[4:] == ["ccc", "a"]
