import csv
import re
from pathlib import Path

import numpy as np
import pytest
from spacy.vocab import Vocab

from flows.annotating.engine import WordVectors, model_folder
from flows.annotating.recognized import Recognized, RecognizedTexts
from flows.annotating.topics import SEEDS, TOPIC_SCORE, TopicAnnotator, read_topics
from flows.records import Mention, Tokens, TopicScore
from tests.annotating.findings import recognized

POLITICS, ECONOMY, SPORT = "medtop:11000000", "medtop:04000000", "medtop:15000000"


def tokens(text: str) -> Tokens:
    found = list(re.finditer(r"\w+|[^\w\s]", text))
    return Tokens(
        text,
        tuple(match.group() for match in found),
        tuple(match.start() for match in found),
        tuple(match.end() for match in found),
    )


def article(title: str, text: str = "", *names: str) -> Recognized:
    mentions = []
    for name in names:
        start = text.index(name)
        mentions.append(Mention("text", start, start + len(name), name, name, "person", "test"))
    return recognized(tokens(title), tokens(text), mentions)


def topics(annotator: TopicAnnotator, *texts: Recognized) -> list[list[TopicScore]]:
    return annotator.annotate_batch(RecognizedTexts(texts))


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return WordVectors(Vocab().from_disk(model_folder() / "vocab"))


@pytest.fixture(scope="module")
def annotator(vectors: WordVectors) -> TopicAnnotator:
    return TopicAnnotator(vectors)


NEWS = {
    "medtop:01000000": article(
        "Actress to star in film of the novel", "The director casts the movie in May."
    ),
    "medtop:02000000": article("Man jailed for bank robbery", "The judge sentenced the thief to six years."),
    "medtop:03000000": article("Bus crash kills nine", "Rescuers pulled survivors from the wreckage."),
    ECONOMY: article("Profits up at insurer", "Shares rose after the company reported higher revenue."),
    "medtop:05000000": article("Pupils sit exams early", "Teachers say the new curriculum is hard."),
    "medtop:06000000": article("Otters return to river", "Cleaner water helps wildlife and its habitat."),
    "medtop:07000000": article(
        "Hospital trials new vaccine", "Doctors hope patients will be spared the flu."
    ),
    "medtop:08000000": article("Bride, 90, weds at last", "The royal family sent the couple its wishes."),
    "medtop:09000000": article("Nurses' union calls strike", "Workers want higher wages and shorter hours."),
    "medtop:10000000": article("Seven soups for cold days", "Each recipe needs a pot and six ingredients."),
    POLITICS: article("Senate rejects bill", "Lawmakers of both parties voted against the president."),
    "medtop:12000000": article("Bishop blesses new chapel", "Worshippers prayed and the choir sang a psalm."),
    "medtop:13000000": article(
        "Telescope sees distant galaxy", "Astronomers used software to sift the data."
    ),
    "medtop:14000000": article("Homeless families wait", "Poverty and racism keep immigrants from housing."),
    SPORT: article("Late goal wins derby", "The striker scored in extra time of the match."),
    "medtop:16000000": article("Rebels take border town", "Soldiers fled after days of shelling."),
    "medtop:17000000": article("Snow on the way", "Forecasters expect temperatures below freezing."),
}


@pytest.mark.parametrize("topic_id", NEWS)
def test_each_top_topic_is_found(annotator: TopicAnnotator, topic_id: str) -> None:
    primary = [topic.topic_id for topic in topics(annotator, NEWS[topic_id])[0] if topic.is_primary]
    assert primary == [topic_id]


def test_an_article_may_have_two_top_topics_and_leaves_below_them(annotator: TopicAnnotator) -> None:
    (found,) = topics(
        annotator,
        article(
            "Ministers meet over steel tariffs",
            "The two governments opened talks to end a trade dispute over import duties on steel. Diplomats"
            " said the prime minister would join a summit if exporters got relief from the tariffs.",
        ),
    )
    scores = {topic.topic_id: topic.topic_score for topic in found}
    assert {POLITICS, ECONOMY, "medtop:20000376"} <= scores.keys()  # 20000376: trade dispute
    parents = {topic.topic_id: topic.parent_topic_id for topic in read_topics()}
    assert all(score <= scores[parents[topic]] for topic, score in scores.items() if parents[topic])
    assert [topic.topic_score for topic in found] == sorted(scores.values(), reverse=True)
    assert found[0].is_primary and sum(topic.is_primary for topic in found) == 1


def test_scores_are_the_same_in_every_batch(vectors: WordVectors, annotator: TopicAnnotator) -> None:
    batch = list(NEWS.values())
    alone = [topics(annotator, one)[0] for one in batch]
    assert topics(TopicAnnotator(vectors), *batch[::-1]) == alone[::-1]


def test_names_say_less_than_words(annotator: TopicAnnotator) -> None:
    text = "Rocket Boxer was elected to parliament"
    named, plain = topics(annotator, article("", text, "Rocket Boxer"), article("", text))

    def politics(found: list[TopicScore]) -> float:
        return {topic.topic_id: topic.topic_score for topic in found}.get(POLITICS, 0.0)

    assert politics(named) > politics(plain)


@pytest.mark.parametrize(
    "text", ["", " ", "a" * 1_000_000, '"' * 10_000, "\ud800 \x00", "12 34", "the of and"]
)
def test_a_text_that_says_nothing_has_no_topic(annotator: TopicAnnotator, text: str) -> None:
    assert topics(annotator, article("", text)) == [[]]


def test_a_row_of_the_user_joins_as_topic(vectors: WordVectors, tmp_path: Path) -> None:
    path = tmp_path / "topics.csv"
    own = "beekeeping,Beekeeping,3,medtop:20000210,,,beekeeper hive honey swarm\n"
    path.write_text((SEEDS / "topics.csv").read_text(encoding="utf-8") + own, encoding="utf-8")
    annotator = TopicAnnotator(vectors, read_topics(path))
    (found,) = topics(
        annotator, article("Honey prices rise", "Farmers with a hive or a swarm sell to market.")
    )
    assert "beekeeping" in {topic.topic_id for topic in found}


def test_a_row_of_the_user_may_be_a_top_topic(vectors: WordVectors, tmp_path: Path) -> None:
    path = tmp_path / "topics.csv"
    own = "our:chess,chess,1,,our:chess,,chess grandmaster checkmate bishop pawn opening tournament\n"
    path.write_text((SEEDS / "topics.csv").read_text(encoding="utf-8") + own, encoding="utf-8")
    annotator = TopicAnnotator(vectors, read_topics(path))
    (found,) = topics(annotator, article("Grandmaster loses a pawn", "Checkmate came after the opening."))
    assert [topic.topic_id for topic in found if topic.is_primary] == ["our:chess"]


def test_a_text_between_all_topics_is_unclassified_and_the_sure_score_high(annotator: TopicAnnotator) -> None:
    of_all = " ".join(f"{title.text}. {text.text}" for title, text, *_ in NEWS.values())
    assert topics(annotator, article("", of_all)) == [[]]
    sure = topics(annotator, NEWS[SPORT])[0][0]
    assert TOPIC_SCORE < sure.topic_score < 1 and sure.is_primary


@pytest.mark.parametrize("row", ["new,New,2,gone,,,word\n", "medtop:01000000,Twice,1,,,,word\n"])
def test_a_broken_tree_is_refused(tmp_path: Path, row: str) -> None:
    path = tmp_path / "topics.csv"
    path.write_text((SEEDS / "topics.csv").read_text(encoding="utf-8") + row, encoding="utf-8")
    with pytest.raises(ValueError, match="topic"):
        read_topics(path)


def test_the_seed_says_itself_what_follows_from_the_parents() -> None:
    topics = read_topics()
    with (SEEDS / "topics.csv").open(encoding="utf-8", newline="") as file:
        stated = [
            (row["topic_id"], int(row["topic_level"]), row["top_topic_id"]) for row in csv.DictReader(file)
        ]
    assert [(topic.topic_id, topic.topic_level, topic.top_topic_id) for topic in topics] == stated
    tops = [topic for topic in topics if topic.topic_level == 1 and topic.topic_id.startswith("medtop:")]
    assert len(tops) == 17
    assert np.isclose(sum(topic.expected_share for topic in tops), 1)
