"""Times, addresses and rows that are named in others: how they look everywhere."""

from functools import reduce
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.lib.approximate_time import ApproximateTime, Precision, write, zone_named
from incidents.models import Factor, Incident, Knob, Lesson, Runbook, Service, Team, User
from incidents.models import Precision as Precisions


class ReadSerializer(serializers.ModelSerializer):
    """A row as it is told; all of it is always there, null where it is not known."""

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for field in fields.values():
            field.read_only = True
        return fields


class TimeSerializer(serializers.Serializer):
    """A time as precisely as it is known, in the zone of its record."""

    at = serializers.CharField(
        allow_null=True,
        help_text="ISO 8601, as long as it is precise: `2019`, `2019-12`, `2019-12-24`,"
        " `2019-12-24T22+01:00`, `2019-12-24T22:30+01:00`. Null where it is unknown.",
    )
    starts_at = serializers.DateTimeField(
        allow_null=True, help_text="The first moment of that year, month, day, hour or minute."
    )
    precision = serializers.ChoiceField(choices=Precisions.choices)
    zone = serializers.CharField(help_text="By whose clocks: a name of the IANA's.")


@extend_schema_field(TimeSerializer)
class TimeField(serializers.Field):
    """Of a row that has `time` and, at the end of `zone`, the name of a zone."""

    def __init__(self, time: str, zone: str = "time_zone") -> None:
        super().__init__(source="*", read_only=True)
        self.time, self.zone = time, zone

    def to_representation(self, row: Any) -> dict[str, Any]:
        zone: Any = reduce(getattr, self.zone.split("."), row)
        return time_of(getattr(row, self.time), zone)


def time_of(time: ApproximateTime, zone: str) -> dict[str, Any]:
    return {
        "at": iso(time, zone) if time.at else None,
        "starts_at": time.at.isoformat().replace("+00:00", "Z") if time.at else None,
        "precision": time.precision.value,
        "zone": zone,
    }


def iso(time: ApproximateTime, zone: str) -> str:
    """At the precision of the time; with an offset from the hour on."""
    if time.at is None or time.precision in {Precision.YEAR, Precision.MONTH, Precision.DAY}:
        return write(time, zone_named(zone))
    local = time.at.astimezone(zone_named(zone))
    offset = f"{local:%z}"
    shape = "%Y-%m-%dT%H" if time.precision is Precision.HOUR else "%Y-%m-%dT%H:%M"
    return f"{local.strftime(shape)}{offset[:3]}:{offset[3:]}"


class PageField(serializers.CharField):
    """Where people read it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Its page, for people.")
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Any) -> str:
        return f"{settings.SITE_URL}{row.get_absolute_url()}"


class PersonNamed(ReadSerializer):
    name = serializers.CharField()

    class Meta:
        model = User
        fields = ("username", "name")


class ServiceNamed(ReadSerializer):
    class Meta:
        model = Service
        fields = ("slug", "name")


class TeamNamed(ReadSerializer):
    class Meta:
        model = Team
        fields = ("slug", "name")


class IncidentNamed(ReadSerializer):
    reference = serializers.CharField()

    class Meta:
        model = Incident
        fields = ("reference", "title")


class LessonNamed(ReadSerializer):
    reference = serializers.CharField()

    class Meta:
        model = Lesson
        fields = ("reference", "sentence", "state")


class RunbookNamed(ReadSerializer):
    class Meta:
        model = Runbook
        fields = ("slug", "title", "state")


class FactorNamed(ReadSerializer):
    class Meta:
        model = Factor
        fields = ("slug", "name", "category")


class KnobNamed(ReadSerializer):
    class Meta:
        model = Knob
        fields = ("id", "component", "key", "unit")
