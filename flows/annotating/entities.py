"""Mentions of entities in a text: the model's spans put right by the rules, with the name each belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flows.annotating import entity_bodies as bodies
from flows.annotating import entity_rules as rules
from flows.annotating import person_rules, place_rules
from flows.annotating.engine import Engine, Recognition
from flows.annotating.entity_context import role_of, stands_for_government
from flows.annotating.entity_gazetteer import Gazetteer, seeds_digest
from flows.annotating.recognized import LaidOut, Recognized, RecognizedTexts, together
from flows.records import Mention, Text

RULES_VERSION = "rules2"


class EntityAnnotator:
    """Finds the entities of texts with an engine, then applies the rules article by article."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._gazetteer = Gazetteer(engine.tokenize)

    @property
    def version(self) -> str:
        """Name of the model, the rules and the seeds: a change of any gives other mentions."""
        return f"{self._engine.version}+{RULES_VERSION}+{seeds_digest()}"

    def annotate(self, texts: Iterable[Text]) -> Iterator[RecognizedTexts]:
        """Tokens of title and text and the mentions of both, of each text, in order, many texts at a time."""
        for recognitions in together(self._engine.recognize(texts)):
            yield recognized(recognitions, self._gazetteer)


def recognized(recognitions: Sequence[Recognition], gazetteer: Gazetteer) -> RecognizedTexts:
    """Texts with their mentions, those of a title first, in reading order."""
    laid = LaidOut(recognitions)
    fields = rules.fields_of(laid, gazetteer)
    texts = [
        _recognized(recognition, fields[2 * number : 2 * number + 2], gazetteer)
        for number, recognition in enumerate(recognitions)
    ]
    return RecognizedTexts(texts, laid)


def _recognized(
    recognition: Recognition, fields: list[rules.FieldFindings], gazetteer: Gazetteer
) -> Recognized:
    of_model = rules.findings_of_model(recognition.spans)
    for field in fields:
        findings = of_model[field.field]
        findings = rules.cut_at_newlines(field.tokens, findings)
        findings = bodies.drop_furniture(field, findings, gazetteer)
        findings = rules.trim_edges(field.tokens, findings)
        findings = bodies.split_names(field.tokens, findings, gazetteer)
        findings = rules.trim_numbers(field.tokens, findings)
        findings = rules.drop_without_capital(field.tokens, findings)
        findings = person_rules.trim_party_tags(field.tokens, findings, gazetteer)
        findings = rules.drop_currency(field.tokens, findings)
        findings = bodies.drop_members(field.tokens, findings, gazetteer)
        findings = rules.trim_titles(field.tokens, findings, gazetteer)
        findings = person_rules.part_at_titles(field.tokens, findings, gazetteer)
        findings = place_rules.part_at_datelines(field.tokens, findings, gazetteer)
        findings = place_rules.trim_offices(field.tokens, findings, gazetteer)
        findings = rules.extend_particles(field.tokens, findings, gazetteer)
        field.findings = rules.complete_hyphens(field.tokens, findings, gazetteer)
        rules.complete_initials(field)
        place_rules.complete_saints(field)
        bodies.complete_committees(field, gazetteer)
        bodies.complete_parties(field, gazetteer)
        bodies.complete_offices(field, gazetteer)
        bodies.complete_bodies(field, gazetteer)
        rules.complete_known_names(field, gazetteer)
        person_rules.complete_surnames_first(field, gazetteer)
    rules.look_up(fields, gazetteer)
    person_rules.part_joined_names(fields, gazetteer)
    place_rules.name_commonwealths(fields, gazetteer)
    bodies.type_by_head(fields, gazetteer)
    rules.drop_small_acronyms(fields, gazetteer)
    long_forms = rules.introduced_acronyms(fields, gazetteer)
    long_forms |= rules.storms(fields, gazetteer)
    rules.one_type_per_name(fields, gazetteer)
    place_rules.places_without_apostrophe(fields, gazetteer)
    rules.drop_common_words(fields)
    rules.lone_persons(fields, gazetteer)
    person_rules.politicians(fields, gazetteer)
    person_rules.persons_named_like_places(fields, gazetteer)
    rules.teams_named_by_place(fields, gazetteer)
    for field in fields:
        place_rules.drop_divisions(field)
    rules.propagate(fields, gazetteer)
    bodies.drop_subjects(fields, gazetteer)
    bodies.name_bodies(fields, gazetteer)
    found = list(rules.names_in_article(fields, long_forms, gazetteer))
    mentions = [
        Mention(
            field.field,
            field.tokens.starts[finding.start],
            field.tokens.ends[finding.end - 1],
            field.surface(finding),
            name,
            finding.entity_type,
            finding.decided_by,
            role_of(field, finding, gazetteer) if finding.entity_type == "person" else None,
            finding.entity_type == "place" and stands_for_government(field, number, gazetteer),
        )
        for field, number, finding, name in found
    ]
    spans = [(finding.start, finding.end) for _, _, finding, _ in found]
    return Recognized(recognition.title, recognition.text, mentions, spans)
