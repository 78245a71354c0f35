"""References in addresses: `/incidents/INC-42/`."""

from django.urls import register_converter


class Reference:
    """`PREFIX-42` ↔ 42, of at most nineteen digits, which is what a database key can hold."""

    prefix = ""

    def to_python(self, value: str) -> int:
        return int(value.rpartition("-")[2])

    def to_url(self, value: int) -> str:
        return f"{self.prefix}-{value}"


class IncidentReference(Reference):
    prefix = "INC"
    regex = "INC-[1-9][0-9]{0,18}"


class LessonReference(Reference):
    prefix = "LES"
    regex = "LES-[1-9][0-9]{0,18}"


class ActionReference(Reference):
    prefix = "ACT"
    regex = "ACT-[1-9][0-9]{0,18}"


def register() -> None:
    """Make the converters known under the names that `urls.py` files use."""
    register_converter(IncidentReference, "incident_ref")
    register_converter(LessonReference, "lesson_ref")
    register_converter(ActionReference, "action_ref")
