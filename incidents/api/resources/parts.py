"""The parts of an incident record, as they stand in it."""

from rest_framework import serializers

from incidents.api.fields import (
    FactorNamed,
    IncidentNamed,
    KnobNamed,
    LessonNamed,
    PersonNamed,
    ReadSerializer,
    RunbookNamed,
    TimeField,
)
from incidents.models import (
    ConfigDelta,
    ContributingFactor,
    ImpactMeasure,
    LessonLink,
    Participant,
    RelatedIncident,
    RunbookUse,
    TimelineEvent,
)

OF_EACH = ("id", "version", "source")


class EventSerializer(ReadSerializer):
    """`known_then` is whether it was known at the time; null where nobody said."""

    time = TimeField("time", "incident.time_zone")

    class Meta:
        model = TimelineEvent
        fields = (*OF_EACH, "time", "time_note", "kind", "text", "actor", "known_then")


class MeasureSerializer(ReadSerializer):
    """A `value` that is null was counted by nobody."""

    value = serializers.FloatField(allow_null=True)
    out_of = serializers.FloatField(allow_null=True)

    class Meta:
        model = ImpactMeasure
        fields = (*OF_EACH, "name", "value", "out_of", "unit", "is_approximate", "note")


class ContributingFactorSerializer(ReadSerializer):
    factor = FactorNamed()

    class Meta:
        model = ContributingFactor
        fields = (*OF_EACH, "factor", "how")


class Value(serializers.CharField):
    """Null where it is unknown, or where nothing was set: `…_known` says which."""

    def __init__(self) -> None:
        super().__init__(read_only=True, allow_null=True)

    def to_representation(self, value: str) -> str | None:
        return value or None


class DeltaSerializer(ReadSerializer):
    """`before` and `after` are null where they are unknown or nothing was set: see `…_known`."""

    knob = KnobNamed()
    before, after = Value(), Value()
    turned = TimeField("time", "incident.time_zone")

    class Meta:
        model = ConfigDelta
        fields: tuple[str, ...] = (
            *OF_EACH,
            "knob",
            "before",
            "before_known",
            "after",
            "after_known",
            "part",
            "place",
            "turned",
            "note",
        )


class TurnSerializer(DeltaSerializer):
    """A turn of a knob, and the incident in which it was turned."""

    incident = IncidentNamed()

    class Meta(DeltaSerializer.Meta):
        fields = ("incident", *DeltaSerializer.Meta.fields)


class ParticipantSerializer(ReadSerializer):
    """`person` is null for who has no account; then `name` says who it was."""

    person = PersonNamed(allow_null=True)
    hours = serializers.FloatField(allow_null=True)
    hours_outside_work = serializers.FloatField(allow_null=True)
    longest_stretch_hours = serializers.FloatField(allow_null=True)

    class Meta:
        model = Participant
        fields = (
            *OF_EACH,
            "person",
            "name",
            "role",
            "note",
            "hours",
            "hours_outside_work",
            "longest_stretch_hours",
        )


class LessonLinkSerializer(ReadSerializer):
    lesson = LessonNamed()

    class Meta:
        model = LessonLink
        fields = (*OF_EACH, "lesson", "relation", "note")


class RunbookUseSerializer(ReadSerializer):
    runbook = RunbookNamed()

    class Meta:
        model = RunbookUse
        fields = (*OF_EACH, "runbook", "served", "note")


class RelatedSerializer(ReadSerializer):
    other = IncidentNamed()

    class Meta:
        model = RelatedIncident
        fields = (*OF_EACH, "other", "relation", "note")
