"""What has become of a frozen review's records since, in words: they are told as they are now."""

from collections.abc import Collection

from django.utils.translation import gettext

from incidents.exports.queries import Whole
from incidents.review.queries import Frozen
from incidents.review.since import Versions, frozen_lines, versions_since

DOCUMENT = "incident"


class SinceFrozen:
    """Of many records, a few at a time."""

    def __init__(self, kept: Frozen) -> None:
        self.frozen_at = kept.review.frozen_at
        self.lines = frozen_lines(kept.edition, DOCUMENT)

    def words_for(self, wholes: Collection[Whole]) -> dict[int, str]:
        """By the key of each record; empty where it is told as it was frozen."""
        keys = {whole.incident.pk for whole in wholes}
        then = {key: self.lines[key] for key in keys & self.lines.keys()}
        versions = versions_since(DOCUMENT, then)
        return {
            whole.incident.pk: self.words(whole, versions.get(whole.incident.pk))
            for whole in wholes
        }

    def words(self, whole: Whole, versions: Versions | None) -> str:
        """In no frozen figure is what was added since, or is restricted where its reader has the
        open edition."""
        if versions is None:
            return gettext("Not counted in the frozen figures.")
        if versions.now > versions.then:
            return gettext("Changed after freezing: version %(then)s then, %(now)s now.") % {
                "then": versions.then,
                "now": versions.now,
            }
        # They are records of their own, told with the one that they came of.
        if any(row.changed_at > self.frozen_at for row in (*whole.lessons, *whole.action_items)):
            return gettext("Its lessons or action items changed after freezing.")
        return ""
