"""A loaded record, opened so that a test can ask it what it says."""

from collections.abc import Iterator

from incidents.models import ConfigDelta, ImpactMeasure, Incident, Lesson


class Told:
    """One story as the site has it now."""

    def __init__(self, key: str) -> None:
        self.incident = Incident.objects.get(external_key=f"story:{key}")

    def delta(self, component: str, key: str) -> tuple[str, str, str]:
        """Before, after and part; an unknown value reads "unknown", one never set "not set"."""
        delta = self.incident.configdeltas.get(knob__component=component, knob__key=key)
        return delta.before_text, delta.after_text, delta.part

    def knobs(self) -> set[str]:
        return {str(delta.knob) for delta in self.incident.configdeltas.select_related("knob")}

    def measure(self, name: str) -> ImpactMeasure:
        measure: ImpactMeasure = self.incident.impactmeasures.get(name=name)
        return measure

    def measured(self, name: str) -> tuple[float | None, float | None, bool]:
        """Value, out of how many, and whether it is approximate."""
        row = self.measure(name)
        value = None if row.value is None else float(row.value)
        out_of = None if row.out_of is None else float(row.out_of)
        return value, out_of, row.is_approximate

    def took_part(self, name: str) -> str:
        return str(self.incident.participants.get(name=name).role)

    def factors(self) -> set[str]:
        return set(self.incident.contributingfactors.values_list("factor__slug", flat=True))

    def says(self, *words: str) -> bool:
        """Whether one of its texts has all the words, in any case."""
        return any(
            all(word.casefold() in text.casefold() for word in words) for text in self.texts()
        )

    def tells(self, kind: str, *words: str) -> bool:
        """Whether an event of this kind has all the words in its text or its time."""
        return any(
            all(word.casefold() in f"{text} {note}".casefold() for word in words)
            for text, note in self.incident.timelineevents.filter(kind=kind).values_list(
                "text", "time_note"
            )
        )

    def in_order(self, *words: str) -> bool:
        """Whether events with these words stand on the timeline, each after the one before."""
        events = iter(self.incident.timelineevents.values_list("text", flat=True))
        return all(any(word.casefold() in text.casefold() for text in events) for word in words)

    def times(self) -> set[str]:
        """Every date in the record, as far as it is known: "2019-12-24 day"."""
        record = self.incident
        found = {
            (getattr(record, f"{phase}_at"), getattr(record, f"{phase}_precision"))
            for phase in Incident.PHASES
        }
        found |= set(record.timelineevents.values_list("event_at", "event_precision"))
        found |= set(record.configdeltas.values_list("turned_at", "turned_precision"))
        return {f"{at:%Y-%m-%d} {precision}" for at, precision in found if at is not None}

    def actions(self, state: str) -> int:
        return self.incident.action_items.filter(state=state).count()

    def texts(self) -> Iterator[str]:
        """Everything that the record says in its own words, but not where it knows it from."""
        record = self.incident
        yield record.title
        for field in Incident.PROSE:
            yield getattr(record, field)
        for event in record.timelineevents.all():
            yield from (event.text, event.time_note, event.actor)
        for factor in record.contributingfactors.all():
            yield factor.how
        for delta in record.configdeltas.all():
            yield from self.of_delta(delta)
        for measure in record.impactmeasures.all():
            yield from (measure.name, measure.note, measure.unit)
            yield from (
                f"{number:f}".rstrip("0").rstrip(".")
                for number in (measure.value, measure.out_of)
                if number is not None
            )
        for person in record.participants.all():
            yield from (person.name, person.note)
        for other in [
            *record.relatedincidents.all(),
            *record.runbookuses.all(),
            *record.lessonlinks.all(),
        ]:
            yield other.note
        for item in record.action_items.all():
            yield from (item.title, item.body, item.evidence)
        for lesson in Lesson.objects.filter(learned_from=record):
            yield from (lesson.sentence, lesson.explanation)

    @staticmethod
    def of_delta(delta: ConfigDelta) -> Iterator[str]:
        yield from (delta.before, delta.after, delta.place, delta.note)
