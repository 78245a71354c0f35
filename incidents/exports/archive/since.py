"""Which records have changed since a moment, as far as history tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from incidents.archive.kinds import Kind
from incidents.archive.tables import NAMES
from incidents.models import Change, Runbook

LAST = "last"
LATE = timedelta(days=1)
"""A change is numbered when it is written, and seen when it is committed: perhaps behind a later
number. None takes as long as this."""


class NotAMoment(ValueError):
    """The message says what would be one."""


@dataclass(frozen=True)
class Since:
    """The lines of history that count as new."""

    lines: Q

    @classmethod
    def moment(cls, text: str) -> "Since":
        """A day or a time, in the zone of the site. Raises `NotAMoment`."""
        try:
            if len(text) <= len("2026-03-14"):
                moment = datetime.combine(date.fromisoformat(text), time())
            else:
                moment = datetime.fromisoformat(text)
        except ValueError:
            raise NotAMoment(
                f"“{text[:60]}” is no moment: write 2026-03-14, 2026-03-14T12:00, or {LAST} for"
                " what has changed since the folder was written."
            ) from None
        aware = moment if moment.tzinfo else timezone.make_aware(moment)
        return cls(Q(at__gte=aware))

    @classmethod
    def change(cls, last: int) -> "Since | None":
        """After the line of this key; None where there is no such line: then it tells nothing."""
        at = Change.objects.filter(pk=last).values_list("at", flat=True).first()
        return None if at is None else cls(Q(pk__gt=last) | Q(at__gte=at - LATE))

    def wanted(self, kind: Kind) -> Q:
        """Runbooks are all looked at: what people say of one is no change of it."""
        if kind.table.model is Runbook:
            return Q()
        lines = Change.objects.filter(self.lines, document_type=kind.history_of)
        return Q(pk__in=lines.values("document_id"))

    def renames(self) -> bool:
        """Whether a record got another name: it stands in the files of others, which did not
        change."""
        names = {str(model._meta.model_name): set(fields) for model, fields in NAMES.items()}
        lines = Change.objects.filter(self.lines, document_type__in=names).order_by()
        for parts in lines.values_list("parts", flat=True).iterator():
            if any(is_renamed(part, names) for part in parts):
                return True
        return False


def is_renamed(part: dict[str, object], names: dict[str, set[str]]) -> bool:
    fields = part.get("fields")
    changed: Iterable[str] = fields if isinstance(fields, dict) else ()
    is_change = part.get("did") == "changed"
    return is_change and not names.get(str(part.get("record")), set()).isdisjoint(changed)
