"""Reading guards, and what they are tried on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from incidents.guard.checking import check
from incidents.guard.examples import Example
from incidents.guard.files import Given, read_all
from incidents.guard.findings import Asked, Past, Report
from incidents.guard.hiding import without_secrets
from incidents.guard.past_turns import ABSENT, Turn
from incidents.guard.settled import Path, Settled, counting
from incidents.guard.verdicts import Said, ask, names_read
from incidents.lib.setting_names import as_name
from incidents.models import (
    ConfigDelta,
    Guard,
    GuardState,
    Incident,
    Knob,
    Known,
    Lesson,
    LessonState,
    User,
)

MOST_TURNS = 100
"""Turns of knobs that a guard is tried on while it is written: the newest."""


def guard_of(lesson: Lesson) -> Guard | None:
    return Guard.objects.filter(lesson=lesson).select_related("lesson").first()


@dataclass(frozen=True)
class Tried:
    """What a guard says of the configuration before and after the turns of one incident."""

    incident: Incident
    before: Said | None
    after: Said | None


def tried_on_records(guard: Guard, user: User) -> list[Tried]:
    """The newest incidents first; those that turned nothing which the guard reads are left out.

    Raises `BadExpression`.
    """
    names = names_read(guard)
    return [
        Tried(incident, said_of(guard, before), said_of(guard, after))
        for incident, before, after in turns_of(names, user)
    ]


def said_of(guard: Guard, settings: Mapping[str, Any]) -> Said | None:
    return ask(guard, Example(settings)) if settings else None


Turned = tuple[Incident, dict[str, Any], dict[str, Any]]


def turns_of(names: Iterable[str], user: User) -> list[Turned]:
    """The recorded values of what these names read, by incident: before, and after."""
    deltas = (
        ConfigDelta.objects.visible_to(user)
        .filter(knob__in=knobs_read(names, user))
        .select_related("incident", "knob")
        .order_by("-incident_id", "position", "id")
    )
    found: dict[int, tuple[Incident, list[ConfigDelta]]] = {}
    for delta in deltas[:MOST_TURNS]:
        found.setdefault(delta.incident_id, (delta.incident, []))[1].append(delta)
    return [
        (incident, settings_of(turned, "before"), settings_of(turned, "after"))
        for incident, turned in found.values()
    ]


def knobs_read(names: Iterable[str], user: User) -> list[int]:
    """The knobs that these names mean, and those of a group that one of them means."""
    wanted = [tuple(map(as_name, name.split("."))) for name in names]
    found = []
    for pk, component, key in Knob.objects.visible_to(user).values_list("pk", "component", "key"):
        path = path_of(component, key)
        if any(path[: len(name)] == name or name[: len(path)] == path for name in wanted):
            found.append(pk)
    return found


def path_of(component: str, key: str) -> tuple[str, ...]:
    """As an expression writes it: `async worker` and `routes.thumbnails` are three steps."""
    return (as_name(component), *map(as_name, key.split(".")))


def settings_of(turned: Iterable[ConfigDelta], side: str) -> dict[str, Any]:
    """Nested as an example is; of two turns of one knob the first before and the last after."""
    settings: dict[str, Any] = {}
    rows = list(turned)
    for delta in rows if side == "after" else reversed(rows):
        if getattr(delta, f"{side}_known") == Known.KNOWN:
            put(settings, path_of(delta.knob.component, delta.knob.key), getattr(delta, side))
    return settings


def put(settings: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Where a name is both a value and a group of others, in any order, the group is kept."""
    for step in path[:-1]:
        inner = settings.get(step)
        if not isinstance(inner, dict):
            inner = settings[step] = {}
        settings = inner
    if not isinstance(settings.get(path[-1]), dict):
        settings[path[-1]] = value


def check_files(
    files: Iterable[Given],
    user: User,
    *,
    before: Iterable[Given] | None = None,
    component: str | None = None,
    site: str = "",
    seconds: float | None = None,
) -> Report:
    """What the guards and the records that one may know of say of these files.

    `before` are the same files as they were; `site` is put before the addresses of records;
    `seconds` are for reading either, after which what is left is told as unread.
    """
    read = read_all(files, component=component, seconds=seconds)
    now = Settled(counting(read.configuration.values))
    earlier, turns = None, []
    settings = [*read.settings()]
    report = Report(
        files=read.files,
        notes=read.configuration.notes(),
        unreadable=read.unreadable,
        sources=read.sources,
    )
    if before is not None:
        was = read_all(before, component=component, seconds=seconds)
        earlier = Settled(counting(was.configuration.values))
        turns = turns_of_knobs({*now.settings, *earlier.settings}, user, site=site)
        settings += was.settings()
        report.unreadable.extend(was.unreadable)
        report.sources.update({**was.sources, **read.sources})
    guards = active_guards(user, site=site)
    return without_secrets(check(report, now, guards, before=earlier, turns=turns), settings)


def active_guards(user: User, *, site: str = "") -> list[Asked]:
    """The guards of active lessons that one may know of, with the incidents that taught them."""
    lessons = Lesson.objects.visible_to(user).filter(state=LessonState.ACTIVE)
    guards = (
        Guard.objects.filter(state=GuardState.ACTIVE, lesson__in=lessons)
        .select_related("lesson", "lesson__learned_from")
        .order_by("lesson_id")
    )
    return [
        Asked(
            guard.expression,
            guard.precondition,
            guard.message,
            guard.severity,
            past_of(guard.lesson, guard.lesson.sentence, site),
            past_of(guard.lesson.learned_from, guard.lesson.learned_from.title, site)
            if guard.lesson.learned_from
            else None,
            guard.version,
            guard.pk,
        )
        for guard in guards
    ]


def past_of(row: Lesson | Incident, title: str, site: str) -> Past:
    return Past(row.reference, title, f"{site}{row.get_absolute_url()}", row.pk)


def turns_of_knobs(paths: Iterable[Path], user: User, *, site: str = "") -> list[Turn]:
    """The recorded turns of the knobs that have these paths, the newest incident first."""
    wanted = set(paths)
    knobs = [
        pk
        for pk, component, key in Knob.objects.visible_to(user).values_list(
            "pk", "component", "key"
        )
        if path_of(component, key) in wanted
    ]
    deltas = (
        ConfigDelta.objects.visible_to(user)
        .filter(knob__in=knobs)
        .select_related("incident", "knob")
        .order_by("-incident_id", "position", "id")
    )
    return [
        Turn(
            delta.knob.component,
            delta.knob.key,
            delta.knob.unit,
            recorded(delta, "before"),
            recorded(delta, "after"),
            delta.part,
            past_of(delta.incident, delta.incident.title, site),
        )
        for delta in deltas
    ]


def recorded(delta: ConfigDelta, side: str) -> str | None:
    match getattr(delta, f"{side}_known"):
        case Known.KNOWN:
            return str(getattr(delta, side))
        case Known.ABSENT:
            return ABSENT
    return None
