"""What a record still lacks: one entry of `LACKING` is one rule."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext, gettext_lazy

from incidents.lib.approximate_time import could_be_before, human_duration, period
from incidents.models import Detection, EventKind, TimelineEvent
from incidents.wording.draft import Draft, action_place, event_place
from incidents.wording.rules import Found, Rule
from incidents.wording.sources import COOK, ETSY_GUIDE, SRE_WORKBOOK

GAP = timedelta(hours=2)
"""From which on silence in the timeline is worth a question."""
BESIDES = (EventKind.CONTEXT, EventKind.AFTERMATH)
"""Kinds of events that lie before and after the incident by their nature."""
ENDS = {
    "mitigated": gettext_lazy("When mitigated"),
    "resolved": gettext_lazy("When resolved"),
}


def no_detection(draft: Draft) -> Iterator[Found]:
    if draft.incident.detected_at is None:
        yield Found(
            draft.field_place("detected_at", box="detected", label=gettext("When detected"))
        )
    if draft.incident.detection == Detection.UNKNOWN:
        yield Found(draft.field_place("detection"))


def ended_before_detected(draft: Draft) -> Iterator[Found]:
    """Only where the order is surely so, whatever the precision of both times leaves open."""
    incident = draft.incident
    for name, words in ENDS.items():
        if not could_be_before(incident.detected, getattr(incident, name), draft.zone):
            yield Found(draft.field_place(f"{name}_at", box=name, label=str(words)))


def event_without_source(draft: Draft) -> Iterator[Found]:
    return (Found(event_place(event)) for event in draft.events if not event.source.strip())


def gap(draft: Draft) -> Iterator[Found]:
    """Hours of the incident without an event: those that surely passed between two of them.

    Each event fills the whole period that it names: one known to the day leaves no gap that day.
    """
    reached: datetime | None = None
    for event, start, end in during(draft):
        if reached is not None and (silent := start - reached) >= GAP:
            yield Found(
                event_place(event),
                before=gettext("%(human_duration)s before it")
                % {"human_duration": human_duration(silent, silent)},
            )
        reached = end if reached is None else max(reached, end)


def during(draft: Draft) -> list[tuple[TimelineEvent, datetime, datetime]]:
    """The events from the beginning to the end of the incident, by their times."""
    began = period(draft.incident.began, draft.zone)
    resolved = period(draft.incident.resolved, draft.zone)
    found = []
    for event in draft.events:
        lasted = period(event.time, draft.zone)
        if lasted is None or event.kind in BESIDES:
            continue
        too_early = began is not None and lasted[1] <= began[0]
        too_late = resolved is not None and lasted[0] >= resolved[1]
        if not too_early and not too_late:
            found.append((event, *lasted))
    return sorted(found, key=lambda one: one[1:])


def one_factor(draft: Draft) -> Iterator[Found]:
    if len(draft.factors) <= 1:
        yield Found(draft.section_place(gettext("Contributing factors"), "factors"))


def impact_without_number(draft: Draft) -> Iterator[Found]:
    if all(measure.value is None for measure in draft.measures):
        yield Found(draft.section_place(gettext("Impact in numbers"), "measures"))


def action_without_owner(draft: Draft) -> Iterator[Found]:
    return (
        Found(action_place(action))
        for action in draft.actions
        if action.is_open and action.owner_id is None
    )


def action_without_bound(draft: Draft) -> Iterator[Found]:
    return (
        Found(action_place(action))
        for action in draft.actions
        if action.is_open and action.due_date is None
    )


LACKING = (
    Rule(
        key="no-detection",
        says=gettext_lazy("How it came to light"),
        question=gettext_lazy(
            "Who or what noticed first, and when? Had nobody looked just then, what would "
            "have shown it, and how much later?"
        ),
        source=SRE_WORKBOOK,
        finds=no_detection,
    ),
    Rule(
        key="ended-before-detected",
        says=gettext_lazy("Over before it was detected"),
        question=gettext_lazy(
            "Did it really end before anybody knew of it? If so, what ended it; if not, "
            "which of the two times is another?"
        ),
        source=ETSY_GUIDE,
        finds=ended_before_detected,
    ),
    Rule(
        key="event-without-source",
        says=gettext_lazy("Events without a source"),
        question=gettext_lazy(
            "How is this known: from a log, a graph, a message, what somebody remembers? "
            "Whoever doubts it later will look there."
        ),
        source=ETSY_GUIDE,
        finds=event_without_source,
    ),
    Rule(
        key="gap",
        says=gettext_lazy("Hours without an event"),
        question=gettext_lazy(
            "What did people look at, try or wait for in between? What was found to be no "
            "help belongs there, too."
        ),
        source=ETSY_GUIDE,
        finds=gap,
    ),
    Rule(
        key="one-factor",
        says=gettext_lazy("Fewer than two contributing factors"),
        question=gettext_lazy(
            "What else had to be as it was? Think of what let it happen, of what made it "
            "larger, and of what kept it hidden."
        ),
        source=COOK,
        finds=one_factor,
    ),
    Rule(
        key="impact-without-number",
        says=gettext_lazy("No number for the impact"),
        question=gettext_lazy(
            "How many people, requests or orders did it touch, out of how many, and for how "
            "long? An estimate that says so is worth more than “some”."
        ),
        source=SRE_WORKBOOK,
        finds=impact_without_number,
    ),
    Rule(
        key="action-without-owner",
        says=gettext_lazy("Action items without an owner"),
        question=gettext_lazy(
            "Who will see to it that this is done? One name, even where several will work on it."
        ),
        source=SRE_WORKBOOK,
        finds=action_without_owner,
    ),
    Rule(
        key="action-without-bound",
        says=gettext_lazy("Action items without a due date"),
        question=gettext_lazy(
            "By when is it to be done? What has no end is not chosen over what has one."
        ),
        source=SRE_WORKBOOK,
        finds=action_without_bound,
    ),
)
