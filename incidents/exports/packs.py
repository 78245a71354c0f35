"""What one file is made of, whatever its format."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import ngettext

from incidents.exports.documents import Document
from incidents.lib.periods import Period
from incidents.review.figure import Figure


@dataclass(frozen=True)
class Broken:
    """A record that could not be told, by its reference, and why not."""

    reference: str
    why: str


@dataclass(frozen=True)
class Pack:
    """One record, or a review where there is a `period`.

    `documents` gives them anew each time, a few in memory at once; there are `count` of them.
    `as_of` is what the file is dated: the same records, as of the same time, give the same file.
    `restricted` is how many of the records only those may see who are named.
    """

    title: str
    foot: str
    as_of: datetime
    documents: Callable[[], Iterator[Document | Broken]]
    count: int = 1
    period: Period | None = None
    figures: list[Figure] = field(default_factory=list)
    restricted: int = 0

    @property
    def warning(self) -> str:
        """For who may see them, and so has the file."""
        if not self.restricted:
            return ""
        words = ngettext(
            "One restricted record is in it: pass it on to nobody who may not see that one.",
            "%(count)s restricted records are in it: pass it on to nobody who may not see each of"
            " them.",
            self.restricted,
        )
        return words % {"count": self.restricted}
