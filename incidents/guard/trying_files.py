"""What a guard that is being written says of files: of each as the one that counts.

Each file is judged with its own values put over those of all the others, so that of two that set
the same each is told by itself, and what one lacks another may give.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from incidents.guard.components import Configuration, configuration
from incidents.guard.configuration import CannotRead, Setting
from incidents.guard.files import AllRead, Given, read_all
from incidents.guard.hiding import Secrets, secrets_at, told_line, told_setting
from incidents.guard.reports.text import in_pieces
from incidents.guard.repository import Repository
from incidents.guard.settled import Components, Path, Settled, steps
from incidents.guard.verdicts import Asking, Outcome, Said, ask, names_read

MOST_FILES = 100
"""Files that are judged; of the others only how many they are."""
MOST_LINES = 5
"""Lines quoted of one file."""
ORDER = [Outcome.VIOLATED, Outcome.NOT_CHECKED, Outcome.HOLDS, Outcome.NOT_CONCERNED]


@dataclass(frozen=True)
class Line:
    """A line in three pieces, of which the second is the value that the guard reads."""

    number: int
    start: str
    value: str
    end: str


@dataclass(frozen=True)
class TriedFile:
    """`others` are values that the verdict took from other files, by name."""

    name: str
    said: Said
    lines: list[Line]
    others: dict[str, Setting]


@dataclass
class TriedFiles:
    """`beside` are the files of no component that the guard reads."""

    judged: list[TriedFile] = field(default_factory=list)
    unreadable: list[CannotRead] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    left_out: int = 0

    @property
    def caught(self) -> int:
        return sum(file.said.outcome is Outcome.VIOLATED for file in self.judged)


@dataclass(frozen=True)
class Part:
    """One file of several: its lines, and of its components those that the guard reads."""

    name: str
    lines: Sequence[str]
    read: Components

    @property
    def settings(self) -> list[Setting]:
        return [setting for keys in self.read.values() for setting in keys.values()]


def try_files(guard: Asking, files: Iterable[Given], *, seconds: float) -> TriedFiles:
    """Raises `BadExpression`. After `seconds` no further file is begun, and each left is told."""
    read = read_all(files, seconds=seconds)
    names = [tuple(steps(name)) for name in names_read(guard)]
    together = concerning(read.configuration, names)
    told = concerning(configuration([], repository=read.repository), names)
    parts = list(parts_of(read, names))
    places = {(one.file, one.line) for part in parts for one in part.settings}
    secrets = secrets_at(places, read.settings())
    found = TriedFiles(unreadable=read.unreadable)
    for part in parts:
        if not part.read:
            found.beside.append(part.name)
        elif len(found.judged) < MOST_FILES:
            settled = Settled(over(over(together, part.read), told))
            found.judged.append(judged(guard, part, settled, secrets))
        else:
            found.left_out += 1
    found.judged.sort(key=lambda file: ORDER.index(file.said.outcome))
    return found


def parts_of(read: AllRead, names: Collection[Path]) -> Iterator[Part]:
    """A postmortems.toml is one of them, for the values that it gives."""
    told = read.repository or Repository()
    for reading, lines in zip(read.readings, read.lines, strict=True):
        own = configuration([reading], repository=replace(told, values=[]))
        yield Part(reading.file, lines, concerning(own, names))
    if told.values:
        file = told.values[0][1].file
        own = configuration([], repository=told)
        yield Part(file, read.sources.get(file, []), concerning(own, names))


def concerning(found: Configuration, names: Collection[Path]) -> Components:
    """The components that are named, with those of their values that a name means or is part of."""
    return {
        component: {
            key: settings[-1]
            for key, settings in keys.items()
            if any(meets((component, *steps(key)), name) for name in names)
        }
        for component, keys in found.values.items()
        if any(name[0] == component for name in names)
    }


def meets(path: Path, name: Path) -> bool:
    return path[: len(name)] == name or name[: len(path)] == path


def over(below: Components, above: Components) -> Components:
    return {name: {**below.get(name, {}), **above.get(name, {})} for name in {**below, **above}}


def judged(guard: Asking, part: Part, settled: Settled, secrets: Secrets) -> TriedFile:
    said = ask(guard, settled)
    own = part.settings
    found = {name: settled.setting_of(name) for name in said.verdict.used}
    used = {name: setting for name, setting in found.items() if setting is not None}
    here = [setting for setting in used.values() if setting in own] or own
    others = {
        name: told_setting(setting, secrets) for name, setting in used.items() if setting not in own
    }
    return TriedFile(part.name, said, lines_of(part, here, secrets), others)


def lines_of(part: Part, settings: Iterable[Setting], secrets: Secrets) -> list[Line]:
    lines = []
    by_line = {setting.line: setting for setting in settings if 0 < setting.line <= len(part.lines)}
    for number, setting in sorted(by_line.items())[:MOST_LINES]:
        line = told_line(part.lines[number - 1], (setting.file, number), secrets)
        lines.append(Line(number, *in_pieces(line, told_setting(setting, secrets))))
    return lines
