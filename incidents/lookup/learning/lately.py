"""What somebody asked in the last minutes, while more of theirs is kept."""

from collections.abc import Iterable

from incidents.lookup.learning.row import (
    SAME_QUESTION,
    is_asked_again,
    is_erased,
    is_typed_on,
    same_question,
)
from incidents.models import Lookup

FEW = 5
"""Lookups of a person at which is looked for one that goes on."""
REPLACED = ("asked_at", "way", "typing", "text", "labels", "gist", "answered_by", "offered")


class Lately:
    """`new` are the rows to be written, `replaced` and `asked_again` those that were there before
    and are not what they were.

    Begins with what the database knows, the latest first, and of which something was opened.
    """

    def __init__(self, known: Iterable[tuple[Lookup, bool]]) -> None:
        rows = list(known)
        self._rows = [row for row, _ in rows]
        self._opened = [row for row, was_opened in rows if was_opened]
        self.new: list[Lookup] = []
        self.replaced: list[Lookup] = []
        self.asked_again: list[Lookup] = []

    def take(self, row: Lookup) -> None:
        """Of a row that was not kept yet:

        1. What is typed on goes into the row of what was typed before.
        2. The same question of the same person, asked again at once, is kept already.
        3. Anything else is a row of its own; and if its person has just asked the same in other
           words and opened nothing, that one is marked.
        """
        since = row.asked_at - SAME_QUESTION
        earlier = [one for one in self._rows if one.asked_at > since][:FEW]
        unopened = [one for one in earlier if one not in self._opened]
        typed_from = next((one for one in unopened if is_typed_on(one, row)), None)
        if any(same_question(one, row) for one in ([typed_from] if typed_from else earlier)):
            return
        if typed_from is not None:
            if not is_erased(typed_from, row) and typed_from.asked_at <= row.asked_at:
                self._replace(typed_from, row)
            return
        if earlier[:1] == unopened[:1] and earlier and is_asked_again(earlier[0], row):
            self._mark(earlier[0])
        self._rows.insert(0, row)
        self.new.append(row)

    def _replace(self, earlier: Lookup, row: Lookup) -> None:
        for name in REPLACED:
            setattr(earlier, name, getattr(row, name))
        if earlier not in [*self.new, *self.replaced]:
            self.replaced.append(earlier)

    def _mark(self, earlier: Lookup) -> None:
        earlier.asked_again = True
        if earlier not in [*self.new, *self.asked_again]:
            self.asked_again.append(earlier)
