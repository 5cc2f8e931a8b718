"""Reports of one event come together; what shares only names, or only the day, does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.grouping.rows import Rows
from flows.grouping.stories import NOTHING, UNDATED, Stories, StoryMerge, StoryState, find_stories
from flows.grouping.terms import Terms, story_terms

MONDAY, TUESDAY, MONTHS_LATER = date(2024, 3, 4), date(2024, 3, 5), date(2024, 9, 2)

REPORTS: dict[str, tuple[date | None, str, str]] = {
    "ferry-a": (
        MONDAY,
        "Ferry runs aground off Porto Verde",
        "A passenger ferry with 212 people aboard ran aground on a reef off Porto Verde early on Monday. "
        "The coast guard took all passengers of the Santa Clara to land; eleven had minor injuries. "
        "Minister Elena Duarte said an inquiry would look at why the ferry had left its route in fog.",
    ),
    "ferry-b": (
        TUESDAY,
        "Fog blamed after Santa Clara hits reef",
        "Investigators believe thick fog led the ferry Santa Clara onto a reef near Porto Verde. More than "
        "two hundred passengers were rescued by the coast guard. The captain is being questioned, and "
        "divers inspect the hull before the ship can be towed off the reef.",
    ),
    "ferry-c": (
        None,
        "212 rescued from stranded Porto Verde ferry",
        "All 212 passengers were rescued when the ferry Santa Clara was stranded on a reef. Eleven people "
        "were treated for bruises. The coast guard of Porto Verde said that fog hid the reef.",
    ),
    "tax-a": (
        MONDAY,
        "Duarte proposes a levy on sugary drinks",
        "Finance spokesmen reacted coolly when Minister Elena Duarte proposed a levy of eight cents on each "
        "litre of sugary drinks. Producers of lemonade warned of lost jobs, while dentists welcomed the "
        "plan. Parliament votes on the levy in June.",
    ),
    "tax-b": (
        TUESDAY,
        "Lemonade makers fight drinks levy",
        "The association of lemonade producers announced a campaign against the levy on sugary drinks. "
        "Eight cents a litre would cost jobs, it said. Dentists and doctors support the proposal, on which "
        "parliament votes in June.",
    ),
    "cup": (
        MONDAY,
        "Rovers reach the final on penalties",
        "Rovers beat Albion on penalties to reach the cup final after goalkeeper Sam Whitlock saved three "
        "shots. The final is played at the national stadium in May.",
    ),
}


class Told(NamedTuple):
    """Each story's texts and its central one, by its id; and the rest of what was found."""

    texts: dict[str, tuple[str, ...]]
    central: dict[str, str]
    merges: list[StoryMerge]
    state: StoryState


def told(reports: Mapping[str, tuple[date | None, Terms]], known: StoryState = NOTHING) -> Told:
    keys = sorted(reports)
    days = [day.toordinal() if day else UNDATED for day, _ in (reports[key] for key in keys)]
    found: Stories = find_stories(
        np.array(keys, dtype="S20"),
        np.array(days, dtype=np.int64),
        Rows.of([reports[key][1] for key in keys]),
        known,
    )
    texts: dict[str, tuple[str, ...]] = {}
    for key, story in zip(keys, found.story.tolist(), strict=True):
        texts[keys[story]] = (*texts.get(keys[story], ()), key)
    central = {keys[s]: keys[c] for s, c in zip(found.story.tolist(), found.central.tolist(), strict=True)}
    return Told(texts, central, found.merges, found.state)


def reports_told(reports: dict[str, tuple[date | None, str, str]], known: StoryState = NOTHING) -> Told:
    return told({key: (day, story_terms(title, text)) for key, (day, title, text) in reports.items()}, known)


def ids(reports: dict[str, tuple[date | None, str, str]]) -> list[str]:
    """The id of the story of each report."""
    texts = reports_told(reports).texts
    return [story for key in reports for story, keys in texts.items() if key in keys]


def test_reports_of_one_event_are_one_story_named_by_its_earliest_text() -> None:
    assert reports_told(REPORTS).texts == {
        "ferry-a": ("ferry-a", "ferry-b", "ferry-c"),
        "tax-a": ("tax-a", "tax-b"),
        "cup": ("cup",),
    }


def test_the_earliest_text_names_the_story_and_undated_ones_come_last() -> None:
    later = {"a": (TUESDAY, *REPORTS["ferry-a"][1:]), "b": (MONDAY, *REPORTS["ferry-b"][1:])}
    assert ids(later) == ["b", "b"]
    undated = {"a": (None, *REPORTS["ferry-a"][1:]), "b": (MONDAY, *REPORTS["ferry-b"][1:])}
    assert ids(undated) == ["b", "b"]


def test_the_same_kind_of_event_months_later_is_another_story() -> None:
    again = {key: REPORTS[key] for key in ("ferry-a", "ferry-b")}
    again["next"] = (MONTHS_LATER, *REPORTS["ferry-a"][1:])
    assert ids(again) == ["ferry-a", "ferry-a", "next"]


def test_a_name_in_common_is_no_event_in_common() -> None:
    pair = {key: REPORTS[key] for key in ("ferry-a", "tax-a")}
    assert ids(pair) == ["ferry-a", "tax-a"]


def test_a_topic_that_drifts_does_not_become_one_story() -> None:
    alphabet = [f"theme{i:03}" for i in range(120)]
    drift = {
        f"{i:02}": (MONDAY, alphabet[i * 4], " ".join(alphabet[i * 4 : i * 4 + 16] * 3)) for i in range(26)
    }
    found = ids(drift)
    assert found[0] == found[1]
    assert len({found[i] for i in (0, 8, 16, 24)}) == 4


def test_the_central_text_is_the_one_nearest_to_the_others() -> None:
    wide = {
        "part one": (MONDAY, "", "flood river bridge village evacuated dam"),
        "whole": (MONDAY, "", "flood river bridge village evacuated dam minister army helicopters tents aid"),
        "part two": (MONDAY, "", "dam minister army helicopters tents aid"),
    }
    assert reports_told(wide).central == {"part one": "whole"}


def test_unspaced_scripts_have_stories() -> None:
    reports = {
        "ja-1": (
            MONDAY,
            "地震で新幹線が停止",
            "仙台市で震度五強の地震があり東北新幹線が停止した。津波の心配はない。",
        ),
        "ja-2": (
            MONDAY,
            "東北新幹線が地震で停止",
            "震度五強の地震で東北新幹線が仙台市で停止。津波の心配はないという。",
        ),
        "ja-3": (MONDAY, "新党首を選出", "野党は大会を開き、山田氏を新しい党首に選んだ。秋の選挙に備える。"),
    }
    assert ids(reports) == ["ja-1", "ja-1", "ja-3"]


def test_terms_are_compact_sorted_and_the_same_everywhere() -> None:
    terms = story_terms("Ferry aground", "The ferry ran onto a reef.")
    assert terms.dtype == np.uint32
    assert terms.tolist() == [305521942, 2128114582, 2518031894, 2794502822, 3205307440]
    assert np.array_equal(terms, np.sort(terms))
    assert len(story_terms("", " ".join(f"word{i}" for i in range(5000)))) == 100


@pytest.mark.parametrize("text", ["", "of the and", "a" * 1_000_000, " " * 1_000_000, "\ud800", "\x00"])
def test_texts_without_content_stay_alone(text: str) -> None:
    terms = story_terms("", text)
    assert len(terms) <= 1
    if not len(terms):
        assert told({"a": (MONDAY, terms), "b": (MONDAY, terms)}).texts == {"a": ("a",), "b": ("b",)}


def test_wrong_input_is_refused() -> None:
    rows, monday = Rows.of([story_terms("Ferry", "aground")] * 2), np.full(2, MONDAY.toordinal())
    for keys in ([b"a", b"a"], [b"b", b"a"]):
        with pytest.raises(ValueError, match="order"):
            find_stories(np.array(keys), monday, rows)
    assert told({}).texts == {}


def test_a_copy_has_no_say_and_later_days_leave_those_before_as_they_were() -> None:
    wire = REPORTS["ferry-a"]
    flood = {f"copy-{i}": (TUESDAY, wire[1], wire[2] + f" Site {i}") for i in range(30)}
    alone = {key: report for key, report in REPORTS.items() if report[0] == MONDAY}
    now, before = reports_told(REPORTS | flood), reports_told(alone).state
    keys = now.state.keys.astype(str).tolist()
    assert {key for key, echo in zip(keys, now.state.echo, strict=True) if echo} == set(flood)
    assert keys[: len(alone)] == before.keys.astype(str).tolist()
    assert now.state.joined[: len(alone)].tolist() == before.joined.tolist()
    assert set(now.texts["ferry-a"]) == {"ferry-a", "ferry-b", "ferry-c", *flood}


TWO_DAYS = {"a": date(2024, 3, 5), "b": date(2024, 3, 6), "c": date(2024, 3, 8)}
PARTS = {
    "a": "flood river bridge village evacuated dam",
    "b": "minister army helicopters tents aid convoy",
    "c": "flood river bridge village evacuated dam minister army helicopters tents aid convoy",
}


def parts(keys: str) -> dict[str, tuple[date | None, Terms]]:
    return {key: (TWO_DAYS[key], story_terms("", PARTS[key])) for key in keys}


def test_a_story_keeps_its_id_as_it_grows_and_a_merge_leaves_a_trace() -> None:
    yesterday = told(parts("ab"))
    assert yesterday.texts == {"a": ("a",), "b": ("b",)}
    today = told(parts("abc"), yesterday.state)
    assert today.texts == {"a": ("a", "b", "c")}
    assert today.merges == [("b", "a", TWO_DAYS["c"])]
    assert today.merges == told(parts("cba")).merges


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_what_was_told_before_changes_nothing(data: st.DataObject) -> None:
    # Days come in any order, texts go and dates change: as if all had been told at once.
    moments = st.sampled_from([None, MONDAY, TUESDAY, date(2024, 3, 20), MONTHS_LATER])
    texts = {key: story_terms(title, text) for key, (_, title, text) in REPORTS.items()}
    texts |= {key: story_terms("", text) for key, text in PARTS.items()}
    texts |= {f"copy of {key}": texts[key] for key in ("ferry-a", "c")}
    known = NOTHING
    for _ in range(data.draw(st.integers(1, 4))):
        days = data.draw(st.dictionaries(st.sampled_from(sorted(texts)), moments))
        given_texts = {key: (day, texts[key]) for key, day in days.items()}
        found, anew = told(given_texts, known), told(given_texts)
        assert found[:3] == anew[:3]
        assert all(map(np.array_equal, _arrays(found.state), _arrays(anew.state)))
        known = found.state


def _arrays(state: StoryState) -> list[np.ndarray[Any, Any]]:
    return [np.asarray(getattr(state, name)) for name in state.__slots__]
