"""What a config delta must not hold: a record is read by many, and its history keeps all."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from incidents.lib.secret_values import secret_in
from incidents.lib.words.fields import shown_name
from incidents.lib.words.secret_kinds import shown_secret
from incidents.models import ConfigDelta, Part
from incidents.records.parts.fitting import DoesNotFit

VALUES = ("before", "after")
TEXTS = ("place", "note", "source")
LABELS = {"place": gettext_lazy("Where")}
ADVICE = gettext_lazy(
    "It looks like {kind}, which does not belong into a record: everybody reads it, "
    "and history keeps it. Say what became of it, such as “rotated”, or that the "
    "value is unknown. If it is in use, renew it."
)


def secrets_among(values: Mapping[str, Any], *, knob: str) -> dict[str, str]:
    """Which of the fields hold a secret, each with a sentence that does not repeat it."""
    found = {name: secret_in(str(values.get(name) or ""), name=knob) for name in VALUES}
    found |= {name: secret_in(str(values.get(name) or "")) for name in TEXTS}
    return {name: ADVICE.format(kind=shown_secret(kind)) for name, kind in found.items() if kind}


def refuse_secrets(part: Part) -> None:
    """Raises `DoesNotFit` for a config delta with a secret in it."""
    if isinstance(part, ConfigDelta):
        values = {name: getattr(part, name) for name in (*VALUES, *TEXTS)}
        for name, sentence in secrets_among(values, knob=part.knob.key).items():
            raise DoesNotFit(f"{LABELS.get(name) or shown_name(name.capitalize())}: {sentence}")
