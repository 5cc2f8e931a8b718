"""Which lines count as page chrome, and which texts lose them: each rule on a handful of articles."""

from pathlib import Path

import pytest

from flows.records import digest
from tests.warehouse.newsroom import Newsroom, open_newsroom
from warehouse import parquet

FOOTER = "The Varna Weekly is printed by its readers on the old press in Harbour Street"
WORDS = ("harbours", "railways", "councils", "teachers", "vineyards", "forecasts", "elections")
WEEKLY = {"outlet_domain": "www.weekly.example"}


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    newsroom = open_newsroom(tmp_path)
    monkeypatch.setattr(parquet, "SEEDS", newsroom.project / "seeds")
    return newsroom


def story(number: int, *footers: str, words: tuple[str, ...] = WORDS) -> str:
    body = (
        f"On day {number} the people of Varna spoke of nothing but {words[number % len(words)]}, as they do."
    )
    return "\n\n".join([f"{body} {body}", *footers])


def kept(newsroom: Newsroom) -> dict[int, list[str]]:
    """What follows the story, of each text that is to be annotated, by the story's number."""
    newsroom.write()
    found = {}
    for path, *texts in parquet.pending_texts(newsroom.root, "v"):
        for text_hash, title, text, _ in parquet.read_texts(path, *texts):
            assert text_hash in (digest(title, text), f"hash of {title}{text}")  # cut in SQL, or as given
            body, *footers = text.split("\n\n")
            found[int(body.split()[2])] = footers
    return found


def test_a_line_of_four_stories_of_one_outlet_is_cut_from_them_and_from_no_other(newsroom: Newsroom) -> None:
    for number in range(3):
        newsroom.article(f"a{number}", story(number, FOOTER), **WEEKLY)
    newsroom.article("other", story(9, FOOTER), outlet_domain="daily.example")
    assert kept(newsroom) == {number: [FOOTER] for number in (0, 1, 2, 9)}
    newsroom.article("a3", story(3, FOOTER), outlet_domain="weekly.example")
    newsroom.article("a4", story(4, FOOTER, "Elena Petrova"), **WEEKLY)  # something stands outside of it
    newsroom.article("a5", story(5, "Elena Petrova", FOOTER), **WEEKLY)
    assert kept(newsroom) == {
        **{number: [] for number in range(4)},
        **{4: [FOOTER, "Elena Petrova"], 5: ["Elena Petrova"], 9: [FOOTER]},
    }


def test_copies_of_one_story_are_one_witness(newsroom: Newsroom) -> None:
    for number in range(8):
        newsroom.article(f"a{number}", story(number, FOOTER, words=WORDS[:3]), **WEEKLY)
    assert all(kept(newsroom).values())


def test_a_line_must_stand_in_a_fifth_of_the_texts_and_a_short_sentence_in_half(newsroom: Newsroom) -> None:
    for number in range(4):
        newsroom.article(f"a{number}", story(number, "Winds will be light.", FOOTER), **WEEKLY)
    for number in range(4, 9):
        newsroom.article(f"a{number}", story(number), **WEEKLY)
    assert kept(newsroom)[0] == ["Winds will be light."]  # four of nine
    for number in range(9, 21):
        newsroom.article(f"a{number}", story(number), **WEEKLY)
    assert kept(newsroom)[0] == ["Winds will be light.", FOOTER]  # four of twenty-one


def test_without_an_outlet_the_folder_is_what_is_shared(newsroom: Newsroom) -> None:
    for number in range(8):
        folder = "/inbox/weekly" if number < 4 else f"/inbox/{number}"
        newsroom.article(f"a{number}", story(number, FOOTER), file_key=f"{folder}/{number}.txt")
    assert [bool(footers) for _, footers in sorted(kept(newsroom).items())] == [False] * 4 + [True] * 4


@pytest.mark.parametrize(
    ("decisions", "cut_from"),
    [
        ([], [0, 1, 2, 3]),
        (["weekly.example,{},false,"], []),
        ([",{},true,"], [0, 1, 2, 3, 9]),
        (["inbox,{},true,", "weekly.example,{},false,"], []),
        ([",{},false,", "daily.example,{},true,"], [9]),  # the narrowest counts
        (["daily.example,{},true,", "daily.example,{},false,"], [0, 1, 2, 3]),  # the objection counts
        (["aily.example,{},true,", "www.weekly.example,{},false,"], [0, 1, 2, 3]),  # neither is a scope
        ([",Another line,true,"], [0, 1, 2, 3]),
    ],
)
def test_people_decide(newsroom: Newsroom, decisions: list[str], cut_from: list[int]) -> None:
    rows = [row.format(FOOTER) for row in decisions]
    seed = newsroom.project / "seeds" / "page_chrome_decisions.csv"
    seed.write_text("\n".join(["scope_name,line,is_chrome,note", *rows, ""]))
    for number in range(4):
        newsroom.article(f"a{number}", story(number, FOOTER), **WEEKLY)
    newsroom.article("other", story(9, FOOTER), outlet_domain="news.daily.example")
    assert [number for number, footers in sorted(kept(newsroom).items()) if not footers] == cut_from
