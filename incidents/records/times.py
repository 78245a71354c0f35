"""The course of a record: its four moments, and what cannot be true of them."""

from django.utils.translation import gettext_lazy

from incidents.lib.approximate_time import human, period
from incidents.lib.zones import zone_named
from incidents.models import Incident

TOO_EARLY = {
    "detected": gettext_lazy(
        "It cannot have been detected on %(time)s, before it began on %(began)s."
    ),
    "mitigated": gettext_lazy(
        "It cannot have been mitigated on %(time)s, before it began on %(began)s."
    ),
    "resolved": gettext_lazy(
        "It cannot have been resolved on %(time)s, before it began on %(began)s."
    ),
}


class TimesOutOfOrder(ValueError):
    """A record cannot be detected, mitigated or resolved before it began.

    `field` is the moment that is too early.
    """

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


def check_order(incident: Incident) -> None:
    """Compare whole periods, so that "on the 24th" may well hold something at 22:30 that day.

    Raises `TimesOutOfOrder`. Detection after the end is no contradiction: some incidents are only
    found when they are over.
    """
    zone = zone_named(incident.time_zone)
    began = period(incident.began, zone)
    if began is None:
        return
    for field in Incident.PHASES[1:]:
        moment = getattr(incident, field)
        span = period(moment, zone)
        if span is not None and span[1] <= began[0]:
            raise TimesOutOfOrder(
                field,
                str(TOO_EARLY[field])
                % {"time": human(moment, zone), "began": human(incident.began, zone)},
            )
