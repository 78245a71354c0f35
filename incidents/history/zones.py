"""Earlier times of a record that has another zone by now (docs/decisions/0014)."""

from datetime import datetime

from django.db.models import Model

from incidents.history.values import to_plain
from incidents.history.versions import Fields, Key, State
from incidents.history.words import UTC_ZONE, columns_of, zone_of
from incidents.lib.approximate_time import ApproximateTime, Precision, reread
from incidents.lib.zones import zone_named
from incidents.models import Incident


def in_present_zone(document: Model, key: Key, before: State) -> Fields:
    """What a row held in `before`, its times as the clocks of the record's present zone show them.

    Raises `incidents.lib.approximate_time.NotATime`.
    """
    then = zone_of(before)
    now = zone_named(document.time_zone) if isinstance(document, Incident) else UTC_ZONE
    fields = dict(before[key])
    for column in columns_of(key[0]) if then != now else ():
        if column.fields[-1].endswith("_precision") and fields.get(column.fields[0]):
            at, precision = (str(fields[name]) for name in column.fields)
            time = ApproximateTime(datetime.fromisoformat(at), Precision(precision))
            fields[column.fields[0]] = to_plain(reread(time, before=then, after=now).at)
    return fields
