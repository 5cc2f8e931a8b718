"""Functions of strings that keep their answers: the words and names of the news come again and again."""

from __future__ import annotations

from collections.abc import Callable

LONGEST_KEPT = 100  # characters of a string about which an answer is kept
MOST_KEPT = 50_000  # answers of one function


class _Answers[Answer](dict[str, Answer]):
    """What a function says of strings, asked once for each: names come again and again.

    Bounded: nothing is kept of a long string, and all is let go of when there is very much of it.
    """

    def __init__(self, function: Callable[[str], Answer]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, string: str) -> Answer:
        answer = self._function(string)
        if len(string) <= LONGEST_KEPT:
            if len(self) >= MOST_KEPT:
                self.clear()
            self[string] = answer
        return answer


def kept[Answer](function: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """The function, which must give the same for the same string always, with a memory for its answers."""
    return _Answers(function).__getitem__
