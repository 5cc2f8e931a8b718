"""Copies of one text are found whatever was cut or edited; what only looks alike stays apart."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.grouping.copies import NOTHING, CopyState, find_copies
from flows.grouping.rows import Rows
from flows.grouping.shingles import Facts, Shingles, fact_hashes, shingle_hashes

SYLLABLES = ["ka", "lo", "mi", "ren", "tor", "us", "vel", "sha", "pin", "dro", "gu", "est"]


def words(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices(SYLLABLES, k=3)) for _ in range(count)]


def article(seed: int, count: int = 300) -> str:
    return " ".join(words(count, seed))


def edited(text: str, every: int) -> str:
    """Every so many words another one."""
    return " ".join("amended" if i % every == every - 1 else word for i, word in enumerate(text.split()))


def found(
    shingles: dict[str, Shingles],
    dates: dict[str, date | None] | None = None,
    facts: dict[str, Facts] | None = None,
    known: CopyState = NOTHING,
    gone: dict[str, Shingles] | None = None,
) -> tuple[dict[str, str], CopyState]:
    """The group of each text, and what is known then."""
    keys, gone = sorted(shingles), gone or {}
    days = [(dates or {}).get(key) for key in keys]
    groups, state = find_copies(
        np.array(keys, dtype="S9"),
        Rows.of([shingles[key] for key in keys]),
        np.array([day.toordinal() if day else np.inf for day in days]),
        Rows.of([facts[key] for key in keys]) if facts else None,
        known,
        (np.array(sorted(gone), dtype="S9"), Rows.of([gone[key] for key in sorted(gone)])),
    )
    return {key: keys[group] for key, group in zip(keys, groups.tolist(), strict=True)}, state


def groups(texts: dict[str, str], dates: dict[str, date | None] | None = None) -> set[frozenset[str]]:
    group_of, _ = found(
        {key: shingle_hashes("", text) for key, text in texts.items()},
        dates,
        {key: fact_hashes("", text) for key, text in texts.items()},
    )
    return {frozenset(k for k in texts if group_of[k] == group) for group in set(group_of.values())}


def joined(*texts: str) -> bool:
    return len(groups({str(i): text for i, text in enumerate(texts)})) == 1


def test_hashes_are_the_same_on_every_machine_and_blind_to_form() -> None:
    hashes = shingle_hashes("Rain stops play", "The match at Lord's was called off.")
    assert hashes.dtype == np.uint32
    assert hashes.tolist()[:3] == [136593739, 377322239, 685772586]
    assert np.array_equal(hashes, np.unique(hashes))
    assert np.array_equal(hashes, shingle_hashes("", "RAIN stops  play: the match, at lord’s was called OFF"))


def test_facts_are_the_same_on_every_machine_and_known_by_their_places() -> None:
    # Rain, The, Lords and 41: the first has no words before it, the others some on both sides but for 41
    facts = fact_hashes("Rain stops play", "The match at Lords was called off after 41 overs.")
    assert facts.dtype == np.uint32
    assert facts.tolist() == [314395468, 1655611640, 2437466259, 2939939660, 3825424531, 4146540547]
    other = fact_hashes("Rain stops play", "The match at Lords was called off after 43 overs.")
    (gone,), (come,) = np.setdiff1d(facts, other), np.setdiff1d(other, facts)
    assert gone != come
    assert gone >> 12 == come >> 12  # another number at the same place
    assert fact_hashes("", "no name, and none to come").shape == fact_hashes("", " — … ").shape == (0,)


def test_what_has_no_words_has_no_hashes() -> None:
    assert shingle_hashes("", " — … ").shape == (0,)
    assert shingle_hashes("One word", "").shape == (1,)


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, " " * 1_000_000, '"' * 1_000_000, "\ud800 a b c", "文" * 1000]
)
def test_hostile_text_has_at_most_one_hash_a_word(text: str) -> None:
    assert len(shingle_hashes(text[:100], text)) <= 6
    assert len(fact_hashes(text[:100], text)) <= 12


def test_reprints_cuts_and_edits_join() -> None:
    full = article(1)
    cut = " ".join(full.split()[:120])
    middle = " ".join(full.split()[100:220])
    retitled = "Another headline altogether " + full
    assert joined(full, cut, middle, edited(full, 25), retitled)


def test_texts_that_share_a_passage_stay_apart() -> None:
    quote = article(9, 60)
    assert len(groups({str(i): article(i, 200) + " " + quote for i in range(3)})) == 3


def test_a_footer_joins_nothing_and_hides_nothing() -> None:
    footer = article(99, 50)
    texts = {f"brief-{i}": article(i, 60) + " " + footer for i in range(8)}
    texts["copy of 3"] = edited(article(3, 60), 40) + " " + article(98, 30)
    assert groups(texts) == {frozenset({key}) for key in texts if not key.endswith("3")} | {
        frozenset({"brief-3", "copy of 3"})
    }


def test_telegrams_of_one_mould_stay_apart_unless_they_are_the_same() -> None:
    def telegram(i: int) -> str:
        name = " ".join(words(3, i))
        return (
            f"The head of state sent a message of greeting to {name} of {words(1, i + 50)[0]} on the "
            f"national day of the country. In the message the head of state wished {name} success in "
            f"the work for the prosperity of {words(1, i + 50)[0]} and the well-being of its people."
        )

    texts = {f"t{i:02}": telegram(i) for i in range(20)} | {"reprint": telegram(7)}
    assert frozenset({"t07", "reprint"}) in groups(texts)
    assert len(groups(texts)) == 20


GRANT = (
    "Grant of {sum} for the library of {town}. The ministry of culture gives {sum} to the library of {town}, "
    "its head {name} said on Friday. The money pays for longer hours and for shelves that were promised two "
    "years ago. Readers in {town} had signed a petition. {name} thanked the council, which had asked for "
    "more than twice as much, and hopes that the doors stay open on Sundays. The programme helps small "
    "libraries all over the country and was set up after half of them had closed."
)


def test_a_form_filled_with_other_facts_is_no_copy_even_on_the_same_day() -> None:
    here = {"sum": "41,000 crowns", "town": "Vesla Bay", "name": "Runa Holm"}
    there = {"sum": "37,500 crowns", "town": "Karhula", "name": "Jon Aske"}
    texts = {
        "here": GRANT.format(**here),
        "there": GRANT.format(**there),
        "reprint": GRANT.format(**here).replace("thanked", "has thanked").replace("Friday", "friday, May 3"),
    }
    shared = shingle_hashes("", texts["here"]), shingle_hashes("", texts["there"])
    assert len(np.intersect1d(*shared)) > 0.6 * len(shared[0])  # they are alike but for what they tell
    friday = dict.fromkeys(texts, date(2024, 5, 3))
    assert groups(texts, friday) == groups(texts) == {frozenset({"here", "reprint"}), frozenset({"there"})}


def test_one_word_written_otherwise_throughout_is_no_other_fact() -> None:
    texts = {"ours": GRANT.format(sum="41,000 crowns", town="Odense", name="Holm")}
    texts["theirs"] = texts["ours"].replace("Holm", "Holme")
    assert len(groups(texts)) == 1


def test_likeness_does_not_travel_along_a_chain() -> None:
    stream = words(1000, 5)
    chain = {f"{i:02}": " ".join(stream[i * 50 : i * 50 + 300]) for i in range(14)}
    found = groups(chain)
    assert not any({"00", "13"} <= group or {"02", "10"} <= group for group in found)


def test_a_wire_story_on_many_sites_is_one_text() -> None:
    wire = article(4, 250)
    chrome = [article(1000 + site % 10, 40) for site in range(120)]
    texts = {f"s{i:03}": f"{chrome[i]} {edited(wire, 40 + i)}" for i in range(120)}
    others = {f"o{i:03}": f"{chrome[i]} {article(2000 + i, 200)}" for i in range(60)}
    found = groups(texts | others)
    assert frozenset(texts) in found
    assert len(found) == 61


def test_a_round_up_does_not_swallow_its_items() -> None:
    items = {f"item {i}": article(i, 80) for i in range(4)}
    copies = {"item 2 again": edited(article(2, 80), 30)}
    round_up = {"round-up": " ".join(items.values())}
    expected = {frozenset({key}) for key in (*items, *round_up)} - {frozenset({"item 2"})}
    assert groups(items | copies | round_up) == expected | {frozenset({"item 2", "item 2 again"})}


def test_a_few_words_must_be_equal() -> None:
    assert joined("Shares fell on Monday", "Shares fell on Monday.")
    assert not joined("Shares fell on Monday", "Shares fell on Monday morning")
    assert not joined("", "")


def test_a_form_filled_in_anew_months_later_is_another_text() -> None:
    form = article(6, 300)
    texts = {"march": edited(form, 60), "april": form, "august": edited(form, 59), "rerun": form}
    dates = {"march": date(2024, 3, 28), "april": date(2024, 4, 2), "august": date(2024, 8, 1)}
    assert groups(texts, dates) == {frozenset({"march", "april", "rerun"}), frozenset({"august"})}
    assert len(groups(texts)) == 1


def test_unspaced_scripts_are_compared_by_character() -> None:
    rng = random.Random(3)
    text = "".join(chr(rng.randrange(0x4E00, 0x5000)) for _ in range(300))
    assert joined(text, text[:150])
    assert not joined(text, text[::-1])


def test_the_earliest_text_names_the_group_and_undated_ones_come_last() -> None:
    full = article(1)
    texts = {"a cut": " ".join(full.split()[:150]), "b full": full, "c again": edited(full, 60)}
    shingles = {key: shingle_hashes("", text) for key, text in texts.items()}
    day, later = date(2024, 3, 1), date(2024, 3, 2)

    def name(dates: dict[str, date | None]) -> str:
        (group,) = set(found(shingles, dates)[0].values())
        return group

    assert name({}) == "a cut"
    assert name({"b full": later, "c again": day}) == "c again"
    assert name({"b full": later, "c again": later}) == "b full"


def test_wrong_input_is_refused() -> None:
    rows = Rows.of([shingle_hashes("", article(1))] * 2)
    unknown = np.full(2, np.inf)
    with pytest.raises(ValueError, match="length"):
        find_copies(np.array([b"a"]), rows, unknown)
    for keys in ([b"a", b"a"], [b"b", b"a"]):
        with pytest.raises(ValueError, match="order"):
            find_copies(np.array(keys), rows, unknown)
    assert found({})[0] == {}


CORPUS = {f"{seed}{name}": text for seed in range(4) for name, text in {
    "full": article(seed, 120),
    "cut": article(seed, 70),
    "edit": edited(article(seed, 120), 11),
    "mixed": article(seed, 60) + " " + article(seed + 1, 60),
}.items()}  # fmt: skip
HASHES = {key: shingle_hashes("", text) for key, text in CORPUS.items()}


def test_copies_join_in_company() -> None:
    group_of, _ = found(HASHES)
    assert group_of["0full"] == group_of["0cut"] == group_of["0edit"]


# A page's footer, a form filled in with little, and a mould filled with names: some with two, some with more.
FOOTER = article(77, 25)
MOULD = article(78, 60).split()
CROWD = CORPUS | {f"{i}foot": article(i + 20, 40) + " " + FOOTER for i in range(8)} | {
    f"{i}form": "the head of state sent a message to " + " ".join(words(2, i)) + " on the national day"
    for i in range(8)
} | {
    f"{i}mould": " ".join([*MOULD[:9], *(f"{word} {name}" for word, name in zip(
        MOULD[9:], article(i % 3, 51).title().split() if i % 2 else words(51, i), strict=True))])
    for i in range(4)
} | {"0FULL": CORPUS["0full"].title(), "1FULL": CORPUS["1full"].title()}  # fmt: skip
CROWD_HASHES = {key: shingle_hashes("", text) for key, text in CROWD.items()}
CROWD_FACTS = {key: fact_hashes("", text) for key, text in CROWD.items()}
MOMENTS = st.sampled_from([None, date(2024, 3, 1), date(2024, 3, 4), date(2024, 9, 1)])


def same_state(one: CopyState, other: CopyState) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in CopyState.__slots__)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_what_was_grouped_before_changes_nothing(data: st.DataObject) -> None:
    # Batches come, texts are corrected away, dates turn out otherwise: as if all had come at once.
    known, before = NOTHING, set[str]()
    for _ in range(data.draw(st.integers(1, 4))):
        days = data.draw(st.dictionaries(st.sampled_from(sorted(CROWD)), MOMENTS, max_size=len(CROWD)))
        hashes, facts = ({key: of[key] for key in days} for of in (CROWD_HASHES, CROWD_FACTS))
        gone = {key: CROWD_HASHES[key] for key in before - set(days)}
        group_of, known = found(hashes, days, facts, known, gone)
        anew, from_nothing = found(hashes, days, facts)
        assert group_of == anew
        assert same_state(known, from_nothing)
        before = set(days)


def test_what_is_gone_and_was_not_given_is_forgotten() -> None:
    _, known = found({"a": CROWD_HASHES["0full"], "b": CROWD_HASHES["0cut"]})
    assert found({"b": CROWD_HASHES["0cut"]}, known=known)[0] == {"b": "b"}


def test_what_says_the_same_on_one_day_is_a_copy_even_if_all_of_it_is_boilerplate() -> None:
    def report(i: int) -> str:
        return f"{article(60, 40)} {words(1, i)[0]} {article(61, 40)} {words(1, i + 9)[0]} {article(62, 40)}"

    texts = {str(i): report(i) for i in range(6)}
    together = {key: date(2024, 3, 1) for key in texts}
    weeks = {key: date(2024, 1 + int(key), 1) for key in texts}
    assert len(groups(texts, together)) == 1
    assert len(groups(texts, weeks)) == 6
