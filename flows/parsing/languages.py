"""The language of an article as an ISO 639-1 code.

A language the record states is believed unless the text has next to none of its commonest words; otherwise it
is identified from the text, and a text too short or too mixed to tell has none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_NEWS_LANGUAGES = (
    "af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk"
    " km kn ko ku ky la lo lt lv mg mk ml mn mr ms mt nb ne nl nn no or pa pl ps pt ro ru rw si sk sl sq sr"
    " sv sw ta te th tl tr ug uk ur uz vi xh zh zu"
)
LANGUAGES = tuple(_NEWS_LANGUAGES.split())
"""The languages of news that the identifier knows; the rest are look-alikes that cost precision."""

MIN_LETTERS = 20
MIN_CONFIDENCE = 0.8
_SAMPLE_CHARS = 1000
_TAG = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")
_FUNCTION_WORDS = {
    "en": "the of and to that for on with as by from are this have it which not they he she his its who will"
    " said after had been were but",
    "de": "der das und ist nicht mit von dem den des ein eine einen einer für auf im zum zur sich auch wird"
    " werden sind hat haben bei nach über",
}
_COMMON = {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}
_COMMON_SHARE = 0.15
DOUBTED_LETTERS = 100
_DOUBTED_SHARE = 0.05


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.labels)
    identifier.set_languages([code for code in LANGUAGES if code in known])
    return identifier


@cache
def stated_language(value: str) -> str | None:
    """Return the ISO 639-1 code of a tag ("en-GB"), of a code ("eng") or of an English name, or None."""
    value = value.strip()
    if not value or len(value) > 40:
        return None
    import pycountry

    tag = _TAG.match(value)
    if tag is not None:
        code = tag[0].lower()
        language = pycountry.languages.get(**{f"alpha_{len(code)}": code})
        if language is None and len(code) == 3:
            language = pycountry.languages.get(bibliographic=code)
    else:
        language = pycountry.languages.get(name=value.title())
    found = getattr(language, "alpha_2", None)
    return found if isinstance(found, str) else None


def plain_language(stated: str, text: str) -> str:
    """Return the language a text is in whose record states one (both ISO 639-1): mostly the stated one.

    Feeds state one language for all they carry. English and German are doubted where 100 letters have
    next to none of their function words, and give way to what py3langid is sure of.
    """
    sample = text[:_SAMPLE_CHARS]
    if stated not in _COMMON or sum(map(str.isalpha, sample)) < DOUBTED_LETTERS:
        return stated
    words = sample.lower().split()
    if sum(map(_COMMON[stated].__contains__, words)) >= _DOUBTED_SHARE * len(words):
        return stated
    code, confidence = _identifier().classify(sample)
    return str(code) if confidence >= MIN_CONFIDENCE else stated


def text_language(text: str) -> str | None:
    """Return the ISO 639-1 code the text is written in, None when that cannot be told.

    Identified by py3langid (Lui and Baldwin 2012) from the first 1,000 characters; at least 20 letters
    (10 outside the Latin alphabet) and a probability of 0.8 are asked for. Text full of English or
    German function words needs no model.
    """
    sample = text[:_SAMPLE_CHARS]
    words = sample.lower().split()
    if len(words) >= 20:
        for code, common in _COMMON.items():
            if sum(map(common.__contains__, words)) >= _COMMON_SHARE * len(words):
                return code
    letters = sum(map(str.isalpha, sample))
    if letters < MIN_LETTERS and not (letters >= MIN_LETTERS / 2 and max(sample, default="") > "\u0370"):
        return None
    code, confidence = _identifier().classify(sample)
    return str(code) if confidence >= MIN_CONFIDENCE else None
