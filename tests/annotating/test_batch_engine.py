"""The batch engine gives what spaCy gives, token for token and entity for entity, in any company."""

import itertools
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.annotating import batch_engine, engine, entity_network, token_cache
from flows.annotating.batch_engine import BatchEngine, default_engine
from flows.annotating.engine import Recognition, SpacyEngine
from flows.annotating.entity_network import UnknownArchitectureError, read_weights
from flows.records import Text

NEWS = [
    "Prime Minister Ilse Brandt of Latvia told the European Parliament on 3 March 2021 that $4.5 million, or "
    "12 per cent of the Riga Port Authority's budget, went missing.\n\n“Mr. Ozols was in Tallinn at 8 a.m.,” "
    "said Dr. Anna-Maria Kask (Tartu Univ.), who'd seen him... twice!",
    "BOGOTÁ (Agencia Andina) — Los Hermanos S.A. isn't for sale, its lawyers said Tuesday; the Supreme Court "
    "of Justice sat for six hours under the Treaty of Versailles.",
    "The first thing Kofi Mensah-Boateng's sister wrote at http://example.org/a?b=c#d or kofi@example.org "
    "was “The Long Rain”, a novel. U.S. and U.K. readers rated it 4/5 :) and :-( and (8 (:",
    "MOSCOW\t\tRussia's   Ministry of  Foreign\xa0Affairs\u2003said\r\n\r\n\r\nMr.  Lavrov flew   \nin. ",
    "  Leading spaces, then Nairobi.\n \n  Trailing spaces in Mombasa   ",
    " Kigali",
    "Ends in one space, Kampala ",
    "北京 — Xi'an 的 𝒩𝒶𝓂ℯ👩‍👩‍👧 visited Ürümqi🙂Kashgar 3km²/day co-operation £3bn 10–12% ",
    "and/or the c'mon y'all gonna can't've I'd've dog's dogs' 'tis 'Twas rock'n'roll o'clock " * 3,
    "a.m. p.m. 8am 9p.m. 10:30a.m. Jan. 3rd, Sept. 11 Inc. Corp. vs. v.s. e.g. i.e. Ph.D. B.B.C. G-7",
    "one of " * 400 + "the United Nations Security Council " * 60,
    "President and Vice President and Secretary of the Board of Governors of the " * 40,
    "( :)foo ( :-) bar ) :) 'Cause ' Cause (\n:)x \\ \") <3 <33 >_< (╯°□°）╯︵┻━┻ ' s ’ re said. ’s",
    "x" * 5_000 + " Zagreb " + "-" * 400 + " Split " + '"' * 299,
    "\ud800 Lone halves \udfff and NUL \x00 in Lagos \x1c\x1d\x85\u2028 Abuja",
    "a",
    "",
    "\n",
]
SHARDS = [
    *(
        "Paris",
        "the",
        "U.S.",
        "Mr.",
        "Angela Merkel's",
        "don't",
        "$5",
        "3.5%",
        "June",
        "7 a.m.",
        "’s",
        "'Cause",
        "é",
    ),
    *(" ", " ", " ", " ", "  ", "\n", "\n\n", "\t", "\xa0", " \n ", "\u3000", "\x1f", "\r\n"),
    *(
        ".",
        ",",
        ":",
        ")",
        "(",
        ":)",
        ";",
        "-",
        "—",
        "'",
        '"',
        "“",
        "/",
        "=",
        "<3",
        "_",
        "^",
        "*",
        "8",
        "d.",
        "@",
    ),
    *("🙂", "👩‍👩‍👧", "中文", "http://a.b/c", "x@y.org", "٣", "\u200b", "\ufeff", "ß", "İ", "a" * 301),
]
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(SHARDS), max_size=60).map("".join),
    st.lists(st.sampled_from(":;=()'’.-8aDoO3 \n<>_^*/\\"), max_size=40).map("".join),
)


@pytest.fixture(scope="module")
def batches() -> BatchEngine:
    return BatchEngine()


@pytest.fixture(scope="module")
def spacy() -> SpacyEngine:
    return SpacyEngine()


def text_of(text: str, title: str = "") -> Text:
    return Text("", title, text, "en")


def test_news_and_oddities_come_out_as_spacy_has_them(batches: BatchEngine, spacy: SpacyEngine) -> None:
    texts = [text_of(text, title) for text, title in zip(NEWS, reversed(NEWS), strict=True)]
    found, wanted = list(batches.recognize(texts)), list(spacy.recognize(texts))
    assert found == wanted
    assert sum(len(recognition.spans) for recognition in wanted) > 150
    assert max(span.end_token - span.start_token for r in wanted for span in r.spans) > 5


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_any_text_comes_out_as_spacy_has_it(
    batches: BatchEngine, spacy: SpacyEngine, texts: list[str]
) -> None:
    fields = [text_of(text, texts[0]) for text in texts]
    assert list(batches.recognize(fields)) == list(spacy.recognize(fields))


def test_a_rule_that_reaches_across_a_gap_is_spacys_to_apply(
    batches: BatchEngine, spacy: SpacyEngine
) -> None:
    for text in ("(\n:)foo", "( :)foo", "see ( :)foo", ":)foo"):
        assert batches.tokenize(text) == spacy.tokenize(text)
    assert ":)" in batches.tokenize(":)foo").words
    assert ":)" not in batches.tokenize("( :)foo").words


def test_plain_words_are_cut_as_spacy_cuts_them(batches: BatchEngine) -> None:
    tokenizer = batches._pipeline.tokenizer

    def check(chunk: str) -> None:
        found = batches._cache._rules.plain(chunk)
        if found:
            doc = tokenizer(chunk)
            assert found == tuple(token.text for token in doc)
            batches._cache.tokens([chunk])
            norms = {row: norm for (_, norm), row in batches._cache._row_numbers.items()}
            assert [norms[batches._cache._plain_rows[word]] for word in found] == [t.norm for t in doc]

    for word in (*tokenizer.rules, "Riga", "UN", "aB", "xyz"):
        for before, after in itertools.product(("", "(", '"'), ("", ".", ",", ":", "'s", "’s,", '."', ":)")):
            check(before + word + after)
    given(st.from_regex(token_cache._PLAIN, fullmatch=True))(
        settings(max_examples=300, deadline=None)(check)
    )()
    assert batches._cache._rules.plain("(Riga’s.”") == ("(", "Riga", "’s", ".", "”")
    assert batches._cache._rules.plain("$3,000-odd") == ()
    assert batches._cache._rules.plain("(well-off),") == ("(", "well", "-", "off", ")", ",")
    assert not any(
        map(batches._cache._rules.plain, ("cannot", "Inc.", "it's", "B.", "said:)", "and/or", "é"))
    )


def test_a_batch_that_ends_with_a_block_of_the_network_has_room() -> None:
    fresh = BatchEngine()  # one that read a longer batch before has room for all
    for count in range(entity_network.TOKENS_PER_BLOCK - 8, entity_network.TOKENS_PER_BLOCK + 2):
        (found,) = fresh.recognize([text_of("Riga " * count)])
        assert len(found.text.words) == count


def test_neighbours_and_order_change_not_one_bit(batches: BatchEngine) -> None:
    def scores(text: str, *others: str, after: Sequence[str] = ()) -> bytes:
        tokens = batches._cache.tokens([*others, text, *after])
        rows, places = entity_network.padded(tokens.rows, tokens.first)
        found = batches._network.score(batches._cache.table, rows)
        own = places[slice(*tokens.first[len(others) : len(others) + 2])]
        return found[own].tobytes() + batches._network.state_parts(own).tobytes()

    text = NEWS[0]
    assert scores(text) == scores(text, *filter(str.strip, NEWS[1:13]), "word " * 777)
    for count in range(1, 10):
        for cut in range(4):  # the number of its tokens decides what is computed with what
            one, words = text[: len(text) - 30 * cut], "of Riga " * count
            assert scores(one) == scores(one, words, after=[words]) == scores(one, "Oslo " * count)
    long = "The Port of Riga grew " * entity_network.TOKENS_PER_BLOCK
    assert scores(long) == scores(long, "Oslo " * 700, after=["Riga"])


def test_a_text_is_the_same_after_all_was_forgotten(
    batches: BatchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [text_of(text) for text in NEWS]
    wanted = list(batches.recognize(texts))
    monkeypatch.setattr(token_cache, "TOKENS_LIMIT", 50)
    monkeypatch.setattr(batch_engine, "CHARS_PER_BATCH", 300)
    assert list(batches.recognize(reversed(texts))) == wanted[::-1]
    assert batches._cache._token_rows.size < 5_000


def test_long_entities_and_long_texts(
    batches: BatchEngine, spacy: SpacyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [text_of(" ".join(NEWS[:4]) * 9), text_of(NEWS[10])]
    wanted = list(batches.recognize(texts))
    monkeypatch.setattr(batch_engine, "STEPS_TOGETHER", 1)
    monkeypatch.setattr(batch_engine, "STARTS_TOGETHER", 3)
    assert list(batches.recognize(texts)) == wanted
    monkeypatch.setattr(engine, "CHARS_PER_PIECE", 700)
    in_pieces: list[Recognition] = list(batches.recognize(texts))
    assert in_pieces == list(spacy.recognize(texts))


def test_another_architecture_goes_to_spacy_with_a_warning(
    batches: BatchEngine, spacy: SpacyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = next(n for n in batches._pipeline.get_pipe("ner").model.walk() if n.name == "expand_window")
    monkeypatch.setitem(window.attrs, "window_size", 2)
    with pytest.raises(UnknownArchitectureError, match="window"):
        read_weights(batches._pipeline)

    def refuse(folder: Path | None = None) -> BatchEngine:
        raise UnknownArchitectureError("two layers too many")

    monkeypatch.setattr(batch_engine, "BatchEngine", refuse)
    monkeypatch.setattr(batch_engine, "SpacyEngine", lambda: spacy)
    with pytest.warns(UserWarning, match="two layers too many"):
        assert default_engine() is spacy


def test_the_installed_model_runs_in_the_batch_engine(batches: BatchEngine, spacy: SpacyEngine) -> None:
    assert entity_network.read_weights(batches._pipeline).actions.count("O") == 1
    assert batches.version == spacy.version
    with warnings.catch_warnings(action="error"):
        assert isinstance(default_engine(), BatchEngine)
