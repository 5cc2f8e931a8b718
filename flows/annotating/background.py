"""What is usual in English news: how many documents have a word or phrase, and how a word is used.

The figures of `seeds/background_frequencies.csv` are counts over 32,000 press releases, agency items
and news articles, each kind weighing about a third (geometric mean of the shares).
"""

from __future__ import annotations

import csv
import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


class Usage(NamedTuple):
    """How a word or phrase is used in the news; shares are None where too few were seen.

    `idf` is the natural logarithm of documents per document that has it; `verb_share` how often a word
    follows "to", a pronoun or a modal verb rather than an article or preposition; `end_share` how often
    a function word or a mark follows it rather than another word of a phrase.
    """

    idf: float
    verb_share: float | None
    end_share: float | None


@cache  # topics and key phrases share it
def read_background(path: Path = SEEDS / "background_frequencies.csv") -> dict[str, Usage]:
    """Usage per word and phrase, in lower case."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["phrase"]: Usage(
                -math.log(float(row["document_share"])),
                float(row["verb_share"]) if row["verb_share"] else None,
                float(row["end_share"]) if row["end_share"] else None,
            )
            for row in csv.DictReader(file)
        }
