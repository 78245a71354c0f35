"""How a person wants to hear of things."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from incidents.lib.words.translated import Translated
from incidents.models import Channel, Event, QuietHours, Rhythm

EXPLAINED: dict[str, Translated] = {
    Event.ASSIGNED: gettext_lazy("An incident, an action item or a runbook becomes yours"),
    Event.MENTIONED: gettext_lazy("Somebody writes @ and your username in a record"),
    Event.REVIEW_ASKED: gettext_lazy("Somebody asks you to review an incident"),
    Event.REVIEWED: gettext_lazy("A reviewer answers on an incident of yours"),
    Event.PUBLISHED: gettext_lazy("An incident is published that you or your team had to do with"),
    Event.DUE_SOON: gettext_lazy("An action item of yours is due soon"),
    Event.LATE: gettext_lazy("An action item of yours is late"),
    Event.REOPENED: gettext_lazy("An action item of yours is reopened"),
    Event.TO_VERIFY: gettext_lazy("An action item of your incident or team is done: does it hold?"),
    Event.RUNBOOK_WRONG: gettext_lazy("Somebody marks a runbook of yours as wrong or outdated"),
    Event.RUNBOOK_DUE: gettext_lazy("It is time to go through a runbook of yours again"),
    Event.REVIEW_FROZEN: gettext_lazy("A review is frozen, of everything or of a team of yours"),
}
HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
CLOCK = [(clock.strftime("%H:%M"), clock.strftime("%H:%M")) for clock in HALF_HOURS]


class PreferencesForm(forms.Form):
    """A box and a choice for each event, then the quiet hours."""

    are_on = forms.BooleanField(label=gettext_lazy("Quiet hours"), required=False)
    begin = forms.ChoiceField(label=gettext_lazy("From"), choices=CLOCK)
    end = forms.ChoiceField(label=gettext_lazy("Until"), choices=CLOCK)

    def __init__(
        self,
        *args: Any,
        table: Iterable[tuple[Event, Rhythm, Rhythm]],
        hours: QuietHours,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table = list(table)
        for event, here, mail in self.table:
            self.fields[f"inbox-{event}"] = forms.BooleanField(
                label=gettext("%(event)s: in the inbox") % {"event": capfirst(str(event.label))},
                required=False,
                initial=here != Rhythm.OFF,
            )
            self.fields[f"email-{event}"] = forms.ChoiceField(
                label=gettext("%(event)s: by e-mail") % {"event": capfirst(str(event.label))},
                choices=Rhythm.choices,
                initial=mail.value,
            )
        self.initial.update(
            are_on=hours.are_on,
            begin=hours.begin.strftime("%H:%M"),
            end=hours.end.strftime("%H:%M"),
        )
        # Quiet hours that somebody set to the minute are offered as they are.
        for name in ("begin", "end"):
            field = self.fields[name]
            value = str(self.initial[name])
            if isinstance(field, forms.ChoiceField) and value not in dict(CLOCK):
                field.choices = sorted([*CLOCK, (value, value)])

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "event": event,
                "explained": EXPLAINED[event],
                "inbox": self[f"inbox-{event}"],
                "email": self[f"email-{event}"],
            }
            for event, _, _ in self.table
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("begin") and data.get("begin") == data.get("end"):
            self.add_error("end", gettext("Quiet hours end at another time than they begin."))
        return data

    @property
    def rhythms(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for event, _, _ in self.table:
            here = Rhythm.AT_ONCE if self.cleaned_data[f"inbox-{event}"] else Rhythm.OFF
            found[Channel.INBOX, event] = here
            found[Channel.EMAIL, event] = self.cleaned_data[f"email-{event}"]
        return found

    @property
    def hours(self) -> QuietHours:
        data = self.cleaned_data
        return QuietHours(
            are_on=data["are_on"],
            begin=time.fromisoformat(data["begin"]),
            end=time.fromisoformat(data["end"]),
        )
