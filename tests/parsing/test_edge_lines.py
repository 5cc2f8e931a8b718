"""Which lines at the ends of a text may be learned as page chrome, and what each of them needs."""

import hashlib

import pytest

from flows.parsing.edge_lines import COMMON_SHARE, FORMULA_SHARE, edge_lines

STORY = "The harbour of Varna reopened on Tuesday after a storm that had broken its wall in two places, " * 2


def needed(line: str, *, at_top: bool = False) -> float | None:
    (found,) = edge_lines(f"{line}\n\n{STORY}" if at_top else f"{STORY}\n\n{line}")
    assert found.place == (1 if at_top else -1)
    return found.needed_share


def test_only_the_ends_around_the_longest_paragraph_are_looked_at() -> None:
    paragraphs = [f"Line {n}" for n in range(1, 8)] + [STORY] + [f"Line {n}" for n in range(8, 18)]
    assert [line.place for line in edge_lines("\n\n".join(paragraphs))] == [
        *(1, 2, 3, 4),
        *(-6, -5, -4, -3, -2, -1),
    ]
    assert edge_lines(STORY) == edge_lines("") == []
    assert edge_lines(f"{STORY * 9}\n\n{'much ' * 101}") == []  # no line is that long


def test_a_line_is_known_by_its_bytes_and_a_story_by_its_longest_word() -> None:
    (line,) = edge_lines(f"{STORY}\n\nThe Varna Post-Intelligencer-and-Advertiser")
    digest = hashlib.sha256(b"The Varna Post-Intelligencer-and-Advertiser").hexdigest()
    assert f"{line.line_hash:016x}" == digest[:16]
    assert line.telling_word == "reopened"


@pytest.mark.parametrize(
    "line",
    [
        "Home / World",
        "© 2026 Varna Post Ltd",
        "The Varna Post is owned by those who read it and by nobody else at all.",
    ],
)
def test_what_may_be_furniture_needs_a_fifth_of_the_texts(line: str) -> None:
    assert needed(line) == COMMON_SHARE


def test_a_short_sentence_needs_half_of_the_texts_and_is_never_furniture_at_the_top() -> None:
    assert needed("Winds will be light.") == FORMULA_SHARE
    assert needed("Winds will be light.", at_top=True) is None


@pytest.mark.parametrize(
    "line",
    [
        "Pyongyang, May 3 (KCNA) --",
        "By Elena Petrova",
        "Elena Petrova, Varna",  # a byline without its "By"
        "(Reuters)",
        "REUTER",
        "The message said:",
        "What would you do as mayor?",
        "“We shall overcome”",
        "Monday, January 4, 2019",
    ],
)
def test_what_an_article_says_of_itself_is_never_learned(line: str) -> None:
    assert needed(line) is None
