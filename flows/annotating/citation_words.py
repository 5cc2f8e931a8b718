"""The words by which a cited source is known: cue verbs and speakers from seeds/, grammar words from here.

What people may argue about (which verbs count as saying, which nouns may speak) are rows of
`seeds/cue_verbs.csv`, `seeds/source_words.csv` and `seeds/official_words.csv`; the closed word classes of
English are below.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flows.records import digest

_SEEDS = Path(__file__).resolve().parents[2] / "seeds"


class Cue(NamedTuple):
    """One form of a cue verb. `form` is `base`, `s`, `past` (also participle) or `ing`.

    `takes` is what has to follow: a `clause`, one marked by `that` (or a quotation), a `quote`, a plain
    `object`, an `addressee` first, or a clause of which only a `document` is the source. `can_be_reduced`
    says that the participle follows its object ("the men accused of theft"), `is_noun` that `base` and
    `s` may as well be a noun ("claims", "reports").
    """

    lemma: str
    form: str
    cue_class: str
    takes: str
    can_invert: bool
    can_be_reduced: bool
    is_noun: bool


class Speaker(NamedTuple):
    """One form of a noun that may be a source.

    `speaks_for_its_body` says that it stands for the organization or the country beside it:
    a ministry's spokesman does, a ministry's critic does not.
    """

    number: str
    source_type: str
    speaks_for_its_body: bool


@cache
def cue_verbs() -> dict[str, Cue]:
    """Every form of `seeds/cue_verbs.csv`, lower case."""
    found: dict[str, Cue] = {}
    with (_SEEDS / "cue_verbs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for number, word in enumerate(row["forms"].split("|")):
                form = "ing" if word.endswith("ing") else ("base", "s")[number] if number < 2 else "past"
                cue = Cue(
                    row["lemma"],
                    form,
                    row["class"],
                    row["takes"],
                    row["can_invert"] == "1",
                    row["can_be_reduced"] == "1",
                    row["is_noun"] == "1",
                )
                found.setdefault(word, cue)
    return found


@cache
def cue_words() -> frozenset[str]:
    """The words that a cue begins with, lower case."""
    return frozenset(cue_verbs().keys() | {"according"})


@cache
def speakers() -> dict[str, Speaker]:
    """Every row of `seeds/source_words.csv`, by word."""
    with (_SEEDS / "source_words.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["word"]: Speaker(row["number"], row["source_type"], row["speaks_for_its_body"] == "1")
            for row in csv.DictReader(file)
        }


@cache
def official_words() -> dict[tuple[str, ...], str]:
    """Every row of `seeds/official_words.csv`, as lower-case words: its kind.

    An `office` is held by a person, a `post` too, but companies and clubs have such as well, a `body` is one
    of a state or of states, `staff` speaks for such a body when it stands beside it.
    """
    with (_SEEDS / "official_words.csv").open(encoding="utf-8", newline="") as file:
        return {tuple(row["word"].split()): row["word_kind"] for row in csv.DictReader(file)}


@cache
def official_phrases() -> dict[str, list[tuple[list[str], str]]]:
    """`official_words` by their first word, the longest first."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for words, kind in sorted(official_words().items(), key=lambda one: -len(one[0])):
        found.setdefault(words[0], []).append((list(words), kind))
    return found


@cache
def person_words() -> frozenset[str]:
    """The words that a person is known by: nouns that speak, offices, posts and staff."""
    nouns = {word for word, speaker in speakers().items() if speaker.source_type == "person"}
    holds = ("office", "post", "staff")
    return frozenset(
        nouns | {words[0] for words, kind in official_words().items() if len(words) == 1 and kind in holds}
    )


@cache
def staff_words() -> frozenset[str]:
    """The words for persons who speak for the body that they are of."""
    nouns = {
        word
        for word, speaker in speakers().items()
        if speaker.speaks_for_its_body and speaker.source_type != "organization"
    }
    return frozenset(
        nouns | {words[0] for words, kind in official_words().items() if words[1:] == () and kind == "staff"}
    )


@cache
def seeds_digest() -> str:
    """Eight hex digits that change when a row of these seeds changes."""
    files = (_SEEDS / name for name in ("cue_verbs.csv", "source_words.csv", "official_words.csv"))
    return digest(*(file.read_text(encoding="utf-8") for file in files))[:8]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERSON_PRONOUNS = frozenset({"he", "she", "i"})
SUBJECT_PRONOUNS = PERSON_PRONOUNS | {"they", "we", "you", "it"}
PLURAL_PRONOUNS = frozenset({"they", "we", "you", "i"})
RELATIVE_PRONOUNS = frozenset({"who", "which"})
POSSESSIVES = frozenset({"his", "her", "their", "its", "my", "our", "your"})
POSSESSIVE_MARKS = frozenset({"'s", "’s", "'", "’", "s'"})
DETERMINERS = POSSESSIVES | _words(
    "the a an this that these those some many most several both all no each every another any one two "
    "three four five six seven eight nine ten dozens hundreds thousands few fewer more half multiple "
    "numerous various other"
)
PREPOSITIONS = _words(
    "of for in at on from with to by about against near under over between among within without during "
    "into onto upon across through throughout toward towards around behind beyond outside inside "
    "despite via per amid alongside including following concerning regarding unlike like besides above "
    "below"
)
CLAUSE_STARTS = _words(
    "that when if because while as but after before since although though so whether what where why how "
    "than until till unless yet whereas once then whatever whenever wherever whereby lest except"
)
CONJUNCTIONS = frozenset({"and", "or", "nor", "&"})
BE = _words("is are was were be been being am 's ’s 're ’re 'm ’m isn wasn aren weren")
MODALS = _words("would will could can may might must shall should ca wo 'd ’d 'll ’ll")
DO = frozenset({"do", "does", "did"})
HAVE = frozenset({"have", "has", "had", "having", "'ve", "’ve"})
AUXILIARIES = BE | MODALS | DO | HAVE
ADVERBS = _words(
    "also later then now once first again even just never not n't n’t still often always soon only "
    "already ever himself herself themselves itself too instead thus therefore however meanwhile "
    "perhaps further sometimes long rather quite nevertheless nonetheless indeed both all each today "
    "yesterday tonight earlier recently ago aloud back thereby at_once"
)
LEADING_WORDS = _words(
    "and but or so yet then meanwhile now however still later also thus therefore moreover instead "
    "again nor because while although though as when if since before after until whether that where why "
    "how what hence besides once plus today yesterday even not to just"
)
ADVERB_LOOKALIKES = _words(
    "family ally july italy rally assembly monopoly supply reply anomaly emily kelly billy sally molly "
    "holly reilly lilly butterfly bully belly jelly early only elderly daily weekly monthly friendly "
    "likely"
)
TIME_WORDS = _words(
    "monday tuesday wednesday thursday friday saturday sunday week month year night morning afternoon "
    "evening weekend weeks months years days day hours hour summer winter spring autumn fall january "
    "february march april june july august september october november december jan. feb. mar. apr. jun. "
    "jul. aug. sept. sep. oct. nov. dec. today yesterday tonight midday noon"
)
TIME_MODIFIERS = _words(
    "last this next late early earlier later that past same previous on in the over during by each "
    "every one two three four five six several few a mid recent of"
)
COMMON_VERBS = _words(
    "think thinks thought want wants know knows knew believe believes hope hopes hear hears heard see "
    "sees saw seen go goes went gone come comes came take takes took taken give gives gave given get "
    "gets got make makes made put puts keep keeps kept let lets begin begins began begun become becomes "
    "became leave left lost lose loses won win wins run runs ran rose rise rises fell falls held hold "
    "holds met meet meets paid pay pays sat sit sits stood stand stands spent sent brought bought built "
    "caught fought sought taught led leads grew grow grows drew draw draws threw flew broke spoke chose "
    "drove rode shook woke wore tore seem seems appear appears mean means need needs feel feels felt "
    "try tries look looks turn turns help helps remain remains expect expects consider considers "
    "include includes continues plan plans laid sold sang swam dealt lent fed hung slept swept struck stole "
    "sank hid forgot froze dug"
)
WH_WORDS = _words("that whether how why what where when who which if")
STATEMENT_PLACES = _words(
    "statement interview email e-mail tweet speech letter call conference briefing post message memo "
    "release video article report blog telephone phone interviews emails statements tweets remarks "
    "op-ed editorial column text debate hearing address appearance"
)
_HIS_TITLES = _words(
    "mr. mr sir lord king prince congressman councilman businessman policeman actor father husband "
    "brother son"
)
_HER_TITLES = _words(
    "mrs. mrs ms. ms lady dame queen princess congresswoman councilwoman businesswoman policewoman actress "
    "chairwoman spokeswoman mother wife sister daughter widow"
)
GENDERED_TITLES = dict.fromkeys(_HIS_TITLES, "he") | dict.fromkeys(_HER_TITLES, "she")
ANONYMITY = _words("anonymity anonymously unnamed")
NAMED = _words("named identified authorized authorised")  # what an anonymous source is not
ABBREVIATIONS = _words(
    "lt gen col maj capt cmdr adm sgt cpl rev hon gov sen rep reps sens dr mr mrs ms prof st jr sr pres "
    "supt atty insp msgr fr sec dep amb ald no vs co corp inc"
)
SINGLE_QUOTE_ENDS = frozenset({"'", "’"})
DASHES = frozenset({"—", "–", "--"})
CLAUSE_ENDS = DASHES | frozenset({".", "!", "?", ";", ",", ")", "…", "..."})
LOOSE_RELATIVES = RELATIVE_PRONOUNS | {"that", "whose"}
OBJECT_PRONOUNS = frozenset({"him", "her", "them", "me", "us"})
QUANTIFIERS = _words("some many most both others another several few half that")
NO_SUBJECTS = POSSESSIVES | _words("the a an these no every multiple numerous various other")
# words that open a time, a circumstance or a reason, behind a cue or before a subject
CIRCUMSTANCES = _words(
    "when as after before while because since if although though but and last late early earlier this "
    "to asked"
)
NOT_A_SOURCE = _words("plan schedule law custom tradition need will rules size taste preference")
MEASURES = _words("number size amount kind type degree age rank order location weight height")
BE_CONTRACTIONS = frozenset({"'s", "’s"})
BODIES = frozenset({"organization", "place", "facility"})
