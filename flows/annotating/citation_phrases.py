"""Finds the noun phrase that names a source, to the left of a cue ("X said") or to its right ("said X").

No parser: a phrase is walked from its edge over names, capitals and closed word classes until a word that
cannot belong to it. Every walk is bounded, so a long sentence costs no more than a short one.
"""

from __future__ import annotations

from functools import cache

from flows.annotating.citation_layout import QUOTE_MARKS, Layout
from flows.annotating.citation_words import (
    ADVERB_LOOKALIKES,
    ADVERBS,
    AUXILIARIES,
    CLAUSE_STARTS,
    COMMON_VERBS,
    CONJUNCTIONS,
    DETERMINERS,
    LEADING_WORDS,
    LOOSE_RELATIVES,
    OBJECT_PRONOUNS,
    POSSESSIVE_MARKS,
    PREPOSITIONS,
    RELATIVE_PRONOUNS,
    STATEMENT_PLACES,
    SUBJECT_PRONOUNS,
    TIME_MODIFIERS,
    TIME_WORDS,
    cue_verbs,
    speakers,
)

_REACH = 45  # tokens a phrase may have on either side
_STOPS = QUOTE_MARKS | frozenset({".", "!", "?", ";", ":", "—", "–", "--", "…", "...", "•", "|", "*", "‘"})
_EDGES = (
    _STOPS | SUBJECT_PRONOUNS | CLAUSE_STARTS | CONJUNCTIONS | frozenset(")-([],") | {"who", "which", "whose"}
)
_ON_CONDITION = frozenset({"condition", "anonymity", "authorized", "named", "identified", "comment"})
_NEW_CLAUSES = frozenset({"while", "because", "but", "although", "when", "after", "adding", "citing"})
_NAMES = frozenset({"person", "organization", "place"})


@cache
def _verbs() -> frozenset[str]:
    return AUXILIARIES | COMMON_VERBS | cue_verbs().keys()


class Phrases:
    """Noun phrases of one text, as token spans with exclusive ends."""

    __slots__ = ("_cues", "_layout", "_lower", "_speakers", "_verbs", "_words")

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._words = layout.words
        self._lower = layout.lower
        self._cues = cue_verbs()
        self._speakers = speakers()
        self._verbs = _verbs()

    def is_adverb(self, token: int) -> bool:
        """Whether `token` is a word that may stand between a source and its cue."""
        word = self._lower[token]
        if word in ADVERBS:
            return True
        return (
            len(word) > 4
            and word.endswith("ly")
            and word not in ADVERB_LOOKALIKES
            and (token not in self._layout.named)
        )

    def before_adverbs(self, token: int, low: int) -> int:
        """Last token up to `token` that is no adverb, auxiliary or time; below `low` if there is none."""
        lower, named = self._lower, self._layout.named
        while token >= low:
            word = lower[token]
            if token in named and word not in TIME_WORDS:
                break
            if word in AUXILIARIES or self.is_adverb(token):
                if word in POSSESSIVE_MARKS and word not in AUXILIARIES:
                    break
                token -= 1
            elif word in TIME_WORDS or (word.isdigit() and token > low and lower[token - 1] in TIME_WORDS):
                at = token - 1
                while at >= low and (lower[at] in TIME_MODIFIERS or lower[at] in TIME_WORDS):
                    at -= 1
                if at < low or lower[at] in DETERMINERS or lower[at] in POSSESSIVE_MARKS:
                    break
                if lower[at].endswith("ed") and at > low and lower[at - 1] in self._speakers:
                    break  # "a poll released Monday"
                token = at
            else:
                break
        return token

    def is_verb(self, token: int) -> bool:
        """Whether `token` looks like a finite verb: an auxiliary, a common one, a cue, or a word in -ed."""
        lower, word = self._lower, self._lower[token]
        if (word not in self._verbs and not word.endswith("ed")) or token in self._layout.named:
            return False
        if word in AUXILIARIES:
            if word in ("'s", "’s"):
                return not self._is_possessive(token)
            return word != "may" or self._words[token] == "may"
        before = lower[token - 1] if token else ""
        if before == "-" or (token + 1 < self._layout.count and lower[token + 1] == "-"):
            return False
        if word in COMMON_VERBS:
            return before not in DETERMINERS and before not in POSSESSIVE_MARKS
        cue = self._cues.get(word)
        if cue is not None:
            if cue.form == "ing":
                return False
            if cue.form == "past":
                return not self._is_participle(token)
            if before in DETERMINERS or before in POSSESSIVE_MARKS or before in PREPOSITIONS:
                return False
            return word not in self._speakers and self._words[token].islower()
        if word.endswith("ed") and len(word) > 4 and self._words[token].islower():
            return not self._is_participle(token)
        return False

    def _is_possessive(self, token: int) -> bool:
        """Whether an 's belongs to the noun before it rather than standing for "is"."""
        if token + 1 >= self._layout.count:
            return True
        before, after = self._lower[token - 1] if token else "", self._lower[token + 1]
        if before in SUBJECT_PRONOUNS or before in {"that", "there", "what", "who", "here", "it"}:
            return False
        return after not in DETERMINERS and after not in {"been", "not", "going", "being"}

    def _is_participle(self, token: int) -> bool:
        """Whether a word in -ed stands beside its noun ("people briefed on it", "its alleged control")."""
        lower = self._lower
        before = lower[token - 1] if token else ""
        after = lower[token + 1] if token + 1 < self._layout.count else ""
        if not before or before == "," or before in _STOPS or before in ("but", "while"):
            return True
        if before in DETERMINERS or before in POSSESSIVE_MARKS or before in PREPOSITIONS or before == "-":
            return True
        if before in CONJUNCTIONS and after in self._speakers:
            return True
        speaker = self._speakers.get(before)
        follows = after in PREPOSITIONS or after in TIME_WORDS or after in ("last", "this", "earlier")
        return speaker is not None and follows and lower[token] not in self._cues

    def left(self, last: int, low: int) -> tuple[int, int] | None:
        """The noun phrase whose last token is `last` (a comma closes an apposition), not before `low`."""
        low = max(low, last - _REACH)
        if last < low:
            return None
        word = self._lower[last]
        if word in (",", "—", "–", "--"):
            return self._left_of_apposition(last, low)
        if word in SUBJECT_PRONOUNS or word in RELATIVE_PRONOUNS:
            return last, last + 1
        if word == "that":
            return None
        start = self._walk_left(last, low)
        return self._trimmed(start, self._before_place(start, last + 1))

    def _before_place(self, start: int, end: int) -> int:
        """`end` moved before a closing "in a statement" or "in an interview with the paper"."""
        lower = self._lower
        for token in range(max(start + 1, end - 10), end - 1):
            is_place = lower[token] in ("in", "during", "via", "through") and lower[token + 1] in DETERMINERS
            if is_place and STATEMENT_PLACES & set(lower[token + 2 : min(token + 5, end)]):
                return self.before_adverbs(token - 1, start) + 1
        return end

    def _left_of_apposition(self, comma: int, low: int) -> tuple[int, int] | None:
        lower, named, mark = self._lower, self._layout.named, self._lower[comma]
        best: int | None = None
        right = comma
        token = comma - 1
        while token >= low:
            word = lower[token]
            if word == ")" and mark == ",":
                token = self._opening_bracket(token, low) - 1
                continue
            if word in _STOPS and word != mark:
                break
            if word == mark:
                head = token - 1
                if head >= low and lower[head] == ")":
                    head = self._opening_bracket(head, low) - 1
                if head < low:
                    break
                span, word = named.get(head), lower[head]
                if span is None:
                    names = self._words[head][0].isupper() and word not in TIME_WORDS
                else:
                    names = span.mention.entity_type in _NAMES
                role = word in self._speakers or word in SUBJECT_PRONOUNS
                if not self._may_follow(token + 1, right):
                    if best is not None:
                        break
                elif best is None:
                    if names or role or lower[token + 1] in LOOSE_RELATIVES:
                        best = token
                elif role if self._starts_name(token + 1, right) else names:
                    best = token
                right = token
            token -= 1
        if best is None:
            return self.left(comma - 1, low) if comma - 1 >= low and lower[comma - 1] == ")" else None
        if self._is_aside(best + 1):
            return self.left(best - 1, low)
        head = best - 1
        if lower[head] == ")":
            head = self._opening_bracket(head, low) - 1
        if lower[head] in SUBJECT_PRONOUNS:
            return head, head + 1
        start = self._walk_left(head, low)
        trimmed = self._trimmed(start, best)
        return None if trimmed is None else (trimmed[0], comma)

    def _is_aside(self, start: int) -> bool:
        """Whether only an adverb or "of course", "for example", "in turn" stands between the commas."""
        first = self._lower[start]
        if self.is_adverb(start) or first.endswith("ing") or first in ("though", "then", "asked", "pressed"):
            return True
        if first in ("of", "from"):
            return self._lower[start + 1] == "course"
        return first in PREPOSITIONS

    def _starts_name(self, start: int, end: int) -> bool:
        """Whether a person's name, perhaps behind a title, opens the tokens from `start`."""
        for token in range(start, min(start + 4, end)):
            span = self._layout.named.get(token)
            if span is not None and span.mention.entity_type == "person":
                return True
            if not self._words[token][0].isupper() and self._lower[token] not in self._speakers:
                return False
        return False

    def _may_follow(self, start: int, end: int) -> bool:
        """Whether the tokens between two commas may be an apposition, an aside or a relative clause."""
        if start >= end:
            return False
        word = self._lower[start]
        if word in ("then", "once", "though"):
            return True
        if word in SUBJECT_PRONOUNS or word in CONJUNCTIONS:
            return False
        if word in CLAUSE_STARTS and word not in ("as", "when", "after"):
            return False
        if word in RELATIVE_PRONOUNS or word == "whose":
            return True
        if word.endswith("ed") and word not in self._speakers:
            return True
        if self.is_verb(start):
            after = self._lower[start + 1] if start + 1 < end else ""
            return after in PREPOSITIONS and word not in AUXILIARIES
        if word in PREPOSITIONS or word.endswith("ing"):
            return True
        if any(self._lower[token] in LOOSE_RELATIVES for token in range(start, end)):
            return True
        return not any(self.is_verb(token) for token in range(start, min(end, start + 12)))

    def _opening_bracket(self, closing: int, low: int) -> int:
        for token in range(closing - 1, max(low, closing - 15) - 1, -1):
            if self._lower[token] == "(":
                return token
        return closing

    def _walk_left(self, last: int, low: int) -> int:
        """First token of the phrase that ends with `last`."""
        lower, named = self._lower, self._layout.named
        token = last
        while token >= low:
            span = named.get(token)
            if span is not None and span.start <= token:
                token = max(span.start, low) - 1
                continue
            word = lower[token]
            if word in _EDGES:
                if word == ")":
                    token = self._opening_bracket(token, low) - 1
                    continue
                if word == "-" and self._layout.gap_before(token) and self._layout.gap_after(token):
                    break
                if word in _STOPS or word in ("(", "[", "]", "or"):
                    break
                if word == "," and not self._joins(token, last):
                    break
                if word in SUBJECT_PRONOUNS and token != last:
                    break
                if word in ("who", "which", "whose") and token < last:
                    token -= 1
                    continue
                if word in CLAUSE_STARTS and word != "than" and (word != "then" or lower[token + 1] != "-"):
                    break
                if word in CONJUNCTIONS and token < last and not self._joins(token, last):
                    break
            if self.is_verb(token):
                relative = self._relative_before(token, low)
                if relative is None:
                    break
                token = relative - 1
                continue
            token -= 1
        return token + 1

    def _relative_before(self, verb: int, low: int) -> int | None:
        """The relative pronoun whose clause `verb` stands in, when it follows a noun without a comma."""
        for token in range(verb - 1, max(low, verb - 8), -1):
            word = self._lower[token]
            if word in LOOSE_RELATIVES:
                before = self._lower[token - 1]
                if word == "that" and before not in self._speakers:
                    return None
                return token if before != "," and not self.is_verb(token - 1) else None
            if word in _STOPS or word == ",":
                return None
        return None

    def _joins(self, token: int, last: int) -> bool:
        """Whether "and" or a comma stands between parts of one phrase, not between clauses."""
        lower, words, named = self._lower, self._words, self._layout.named
        if token == 0 or token + 1 > last:
            return False
        before, after = lower[token - 1], lower[token + 1]
        if lower[token] == ",":
            if token + 1 not in named or token - 1 not in named:
                return False
            if self._named_kind(token + 1) == self._named_kind(token - 1) == "place":
                return True
            is_list = any(word in CONJUNCTIONS for word in lower[token + 1 : last])
            return is_list and not self._verb_left(token)
        if before == ",":
            return token - 2 in named and token + 1 in named and not self._verb_left(token - 1)
        if before in _STOPS or after in SUBJECT_PRONOUNS:
            return False
        if words[token - 1].isdigit() and after in ("a", "an"):
            return True
        return not self._verb_left(token)

    def _verb_left(self, token: int) -> bool:
        """Whether a clause with its own verb stands left of `token`, back to the last mark or clause word."""
        lower = self._lower
        for at in range(token - 1, max(-1, token - 14), -1):
            word = lower[at]
            if word in _STOPS or word == ",":
                return False
            if word in SUBJECT_PRONOUNS:
                return True
            if word in CLAUSE_STARTS or word in RELATIVE_PRONOUNS:
                return False
            infinitive = word == "to" and at + 1 < token and lower[at + 1] not in DETERMINERS
            if self.is_verb(at) or (infinitive and at + 1 not in self._layout.named):
                return True
        return False

    def _trimmed(self, start: int, end: int) -> tuple[int, int] | None:
        """The span without words that lead into a phrase ("But", "In Tokyo", "Meanwhile")."""
        lower, named = self._lower, self._layout.named
        if lower[start : start + 2] == ["according", "to"] and "," in lower[start:end]:
            start = lower.index(",", start) + 1  # "According to the paper, the minister said"
        while start < end:
            word = lower[start]
            if start in named or word in ("nearly", "roughly"):
                break
            if word == "then" and lower[start + 1 : start + 2] == ["-"]:
                break
            is_time = word in TIME_WORDS and lower[start + 1 : start + 2] != ["'s"]
            if word in ("which", "whom") and end - start > 1:
                start += 1
            elif "ago" in lower[start : min(start + 4, end - 1)]:
                start = lower.index("ago", start) + 1
            elif word in LEADING_WORDS or is_time or self.is_adverb(start) or not word[0].isalnum():
                start += 1
            elif word in PREPOSITIONS and not self._counts(start, end):
                after = self._after_prepositional(start, end)
                if after is None:
                    return None
                start = after
            else:
                break
        if start >= end:
            return None
        if end - start == 1 and not lower[start][0].isalnum():
            return None
        return start, end

    def _counts(self, start: int, end: int) -> bool:
        """Whether a phrase opens with a number after a preposition: "about 40 people", "over half"."""
        after = self._lower[start + 1] if start + 1 < end else ""
        return self._lower[start] in ("about", "over", "under", "around") and (
            after[:1].isdigit() or after in ("half", "two", "three", "four", "five", "ten")
        )

    def _after_prepositional(self, start: int, end: int) -> int | None:
        """Where the phrase starts that follows a leading "In the capital" or "On Monday"."""
        lower, named = self._lower, self._layout.named
        token = start + 1
        while token < end and (lower[token] in DETERMINERS or lower[token] in TIME_MODIFIERS):
            token += 1
        if token < end and (lower[token] in TIME_WORDS or lower[token].isdigit()):
            while token < end and (
                lower[token] in TIME_WORDS or lower[token].isdigit() or lower[token] == ","
            ):
                token += 1
            return token if token < end else None
        while token < end:
            before, span = lower[token - 1], named.get(token)
            follows = before in PREPOSITIONS or before in DETERMINERS or before in CONJUNCTIONS
            if token > start + 1 and not follows:
                if lower[token] in DETERMINERS:
                    return token
                opens = span is not None and span.start == token and before not in POSSESSIVE_MARKS
                if opens and self._words[token - 1].islower():
                    return token
            token = span.end if span is not None and span.end > token else token + 1
        return None

    def right(self, start: int, high: int, *, fronted: bool = False) -> tuple[int, int] | None:
        """The noun phrase that starts at `start`, with the appositions after it, before `high`.

        `fronted` says that a clause follows the phrase ("According to X, ..."): an apposition then has to
        be closed by a comma of its own.
        """
        lower = self._lower
        high = min(high, start + _REACH)
        if start >= high:
            return None
        first = lower[start]
        if self.is_adverb(start):
            return None
        if first in SUBJECT_PRONOUNS or (
            first in OBJECT_PRONOUNS and (start + 1 >= high or not self._words[start + 1].isalnum())
        ):
            return start, start + 1
        if first in PREPOSITIONS and first not in ("about", "over"):
            return None
        if first in AUXILIARIES or first in TIME_WORDS or not first[0].isalnum():
            return None
        if first in CLAUSE_STARTS and first != "that":
            return None
        end = self._walk_right(start, high)
        if end <= start:
            return None
        return start, self._with_appositions(start, end, high, fronted)

    def _walk_right(self, start: int, high: int) -> int:
        lower, named = self._lower, self._layout.named
        token, after_person, relative = start, False, False
        while token < high:
            span = named.get(token)
            if span is not None:
                token = span.end
                after_person = span.mention.entity_type == "person"
                continue
            word = lower[token]
            if word in _STOPS or word in (",", "[", "]", ")"):
                break
            if word == "(":
                closing = next((i for i in range(token, min(token + 10, high)) if lower[i] == ")"), None)
                if closing is None:
                    break
                token = closing + 1
                continue
            if word in RELATIVE_PRONOUNS or word == "whose":
                relative = True
                token += 1
                continue
            if word == "that" and (token == start or lower[token - 1] in self._speakers):
                relative = token > start
                token += 1
                continue
            if word in CLAUSE_STARTS and word != "than":
                break
            if word in SUBJECT_PRONOUNS or (word == "to" and after_person):
                break
            if word in CONJUNCTIONS:
                if token + 1 >= high or lower[token + 1] in SUBJECT_PRONOUNS or self.is_verb(token + 1):
                    break
                if self.is_adverb(token + 1) or lower[token + 1].endswith("ing"):
                    break
            elif word in PREPOSITIONS:
                if self._leaves(token, high, after_person):
                    break
            elif token > start:
                before = lower[token - 1]
                if after_person and word.endswith("ing"):
                    break
                dated = before.endswith("ed") or lower[token - 2].endswith("ed") or before in DETERMINERS
                if word in TIME_WORDS and not dated:
                    break
                if not relative and self.is_verb(token):
                    break
                if not relative and self.is_adverb(token) and before not in DETERMINERS:
                    break
            after_person = False
            token += 1
        while token > start and (lower[token - 1] in CONJUNCTIONS or lower[token - 1] in PREPOSITIONS):
            token -= 1
        return token

    def _leaves(self, token: int, high: int, after_person: bool) -> bool:
        """Whether the preposition at `token` leaves the phrase ("said X in a statement")."""
        lower = self._lower
        word = lower[token]
        following = lower[token + 1 : min(token + 6, high)]
        if word == "of":
            return False
        if not following or following[0].endswith("ing"):
            return True
        if any(after in TIME_WORDS for after in following[:3]):
            return True
        if word in ("in", "on", "during", "at", "by", "via", "to", "through", "from") and any(
            after in STATEMENT_PLACES for after in following[:5]
        ):
            return after_person or word in ("in", "on", "during", "by", "via")
        if after_person:
            return word not in ("of", "from", "with", "for") or (
                following[0] not in DETERMINERS and ((token + 1) not in self._layout.named)
            )
        return word in ("during", "before", "after", "despite", "amid", "via", "like", "unlike")

    def _with_appositions(self, start: int, end: int, high: int, fronted: bool) -> int:
        """`end` moved behind the appositions and relative clauses that follow a comma."""
        for _ in range(3):
            moved = self._with_apposition(start, end, high, fronted)
            if moved == end:
                break
            end = moved
        return end

    def _with_apposition(self, start: int, end: int, high: int, fronted: bool) -> int:
        lower = self._lower
        first = end + 1
        if first >= high or lower[end] != ",":
            return end
        word = lower[first]
        stop = first
        while stop < high and lower[stop] not in _STOPS and lower[stop] != ",":
            if stop > first and (lower[stop] in _NEW_CLAUSES):
                break
            stop += 1
        closed = stop < high and lower[stop] == ","
        if word in RELATIVE_PRONOUNS or word == "whose":
            if (fronted and not closed) or any(after in _ON_CONDITION for after in lower[first:stop]):
                return end  # ", who spoke on condition of anonymity" is an aside
            return stop
        if word.isdigit() and len(word) <= 3:
            return first + 1  # an age
        span = self._layout.named.get(first)
        nobody_yet = all(self._named_kind(token) != "person" for token in range(start, end))
        if span is not None and span.mention.entity_type == "person" and nobody_yet and not fronted:
            return span.end  # "the ambassador at the time, John Smith"
        in_place = self._named_kind(first) == "place" == self._named_kind(end - 1)
        if span is not None and in_place and stop - span.end < 2:
            return span.end  # "a nurse from Austin, Texas"
        if word in CLAUSE_STARTS or word in PREPOSITIONS or word in CONJUNCTIONS or word in SUBJECT_PRONOUNS:
            return end
        if word.endswith("ing") or self.is_verb(first) or self.is_adverb(first):
            return end
        if (stop < high and lower[stop] in _NEW_CLAUSES) or (fronted and not closed):
            return end
        reach = min(stop, first + (14 if word in DETERMINERS or self._words[first][0].isupper() else 6))
        if not any(lower[token] in self._speakers for token in range(first, reach)):
            return end
        if any(lower[token] in LOOSE_RELATIVES for token in range(first, stop)):
            return stop
        return end if any(self.is_verb(token) for token in range(first, stop)) else stop

    def _named_kind(self, token: int) -> str:
        span = self._layout.named.get(token)
        return "" if span is None else span.mention.entity_type

    def head(self, start: int, end: int) -> int:
        """The token that says what kind of source the phrase is: its head noun, as far as one can tell."""
        lower, named = self._lower, self._layout.named
        found = start
        token = start
        while token < end:
            word = lower[token]
            if token > start and (
                (word in PREPOSITIONS and word != "about")
                or word in (",", "(", "who", "that", "which", "whose")
            ):
                break
            if word in CONJUNCTIONS and token > start and found > start:
                break
            span = named.get(token)
            if span is not None:
                found = token = span.end - 1
            elif word in self._speakers or (lower[found] not in self._speakers and word[0].isalnum()):
                found = token
            token += 1
        return found
