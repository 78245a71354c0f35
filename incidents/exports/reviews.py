"""The pack of a review: its figures and all of its records, for one reader."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils.translation import gettext

from incidents.exports.documents import Document, document_of
from incidents.exports.packs import Broken, Pack
from incidents.exports.queries import AT_A_TIME, some_whole
from incidents.exports.since_frozen import SinceFrozen
from incidents.lib.periods import day_in_words
from incidents.models import Severity, User
from incidents.review.editions import restricted_before
from incidents.review.figures import figures_from
from incidents.review.material import Material, Row
from incidents.review.queries import Frozen, frozen
from incidents.review.scope import Scope

logger = logging.getLogger(__name__)

Tell = Callable[[int, int], None]
SEVEREST_FIRST = {severity.value: rank for rank, severity in enumerate(Severity)}


class NobodysReview(ValueError):
    """A pack is somebody's."""


class ReviewPack:
    """`pack` is for the writers; `touched` is known whole when one of them has had all of it.

    `tell` hears how many records of how many have been told. Of a review that is frozen it has the
    figures as they were kept; its records are as they are now, and say what changed since.
    """

    def __init__(self, scope: Scope, *, at: datetime, tell: Tell) -> None:
        if scope.user is None:
            raise NobodysReview
        self.user: User = scope.user
        self.tell = tell
        kept = frozen(scope, scope.user)
        self.since = SinceFrozen(kept) if kept else None
        as_of = kept.review.frozen_at if kept else at
        material = Material(scope, as_of)
        figures = kept.figures if kept else figures_from(material)
        self.keys = [row.id for row in sorted(material.rows, key=in_the_pack)]
        # Figures count action items and lessons of incidents of any time, too.
        self.touched: set[int] = {*material.used.get("incident", ()), *restricted_before(scope)}
        self.pack = Pack(
            title=gettext("Review %(label)s") % {"label": scope.label},
            foot=f"{scope.label} · {dated(scope, as_of, kept)}",
            as_of=as_of,
            documents=self.documents,
            count=len(self.keys),
            period=scope.period,
            figures=figures,
            restricted=material.restricted,
        )

    def documents(self) -> Iterator[Document | Broken]:
        total = len(self.keys)
        for start in range(0, total, AT_A_TIME):
            self.tell(start, total)
            for document in self.some(self.keys[start : start + AT_A_TIME]):
                if isinstance(document, Document):
                    self.touched |= document.touched
                yield document
        self.tell(total, total)

    def some(self, keys: list[int]) -> list[Document | Broken]:
        try:
            wholes = some_whole(keys, user=self.user)
            words = self.since.words_for(wholes) if self.since else {}
            return [
                document_of(whole, since_frozen=words.get(whole.incident.pk, ""))
                for whole in wholes
            ]
        except Exception:
            if len(keys) == 1:
                logger.exception("INC-%d could not be told.", keys[0])
                return [Broken(f"INC-{keys[0]}", gettext("the record is broken; the log says how"))]
            # Whatever is wrong is wrong with one of them: the others are told.
            return [document for key in keys for document in self.some([key])]


def dated(scope: Scope, as_of: datetime, kept: Frozen | None) -> str:
    day = day_in_words(as_of.astimezone(scope.zone).date())
    return (
        gettext("frozen on %(day)s, SHA-256 %(sha256)s")
        % {"day": day, "sha256": kept.edition.sha256}
        if kept
        else gettext("as of %(day)s") % {"day": day}
    )


def in_the_pack(row: Row) -> tuple[int, int, int]:
    """The most severe first; among those, as they happened."""
    return SEVEREST_FIRST.get(row.severity, len(SEVEREST_FIRST)), row.happened[0], row.id
