"""Files as somebody hands them over: read one by one, and put together as one configuration."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic

from django.utils.translation import gettext, gettext_noop

from incidents.guard.components import Configuration, configuration
from incidents.guard.configuration import CannotRead, Reading, Setting
from incidents.guard.readers import read
from incidents.guard.repository import Repository, is_repository, repository

LONGEST_LINE = 1_000
"""Characters of a line that are kept to be quoted."""
TOO_LONG = gettext_noop(
    "The files before it took too long to read: check fewer at once, or in a terminal."
)


@dataclass(frozen=True)
class Given:
    """A file: its name as it is shown, and what is in it."""

    name: str
    data: bytes


@dataclass
class AllRead:
    """`readings` are of the files that could be read, and `lines` those of each.

    `sources` are the lines by the name of the file; of several files of one name, of the last.
    """

    configuration: Configuration
    files: list[str] = field(default_factory=list)
    repository: Repository | None = None
    readings: list[Reading] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    unreadable: list[CannotRead] = field(default_factory=list)
    sources: dict[str, list[str]] = field(default_factory=dict)

    def settings(self) -> Iterator[Setting]:
        """Every one, by its path in its file and by the component that it was put to."""
        for reading in self.readings:
            yield from reading.settings
        for keys in self.configuration.values.values():
            for settings in keys.values():
                yield from settings


def read_all(
    files: Iterable[Given],
    *,
    component: str | None = None,
    environment: str | None = None,
    seconds: float | None = None,
) -> AllRead:
    """What cannot be read is listed, and hides nothing of the rest.

    A postmortems.toml among the files says what the others are, whichever comes first. After
    `seconds` no further file is begun, and each that is left is told.
    """
    end = None if seconds is None else monotonic() + seconds
    found = AllRead(Configuration())
    rest: list[Given] = []
    for given in files:
        found.files.append(given.name)
        try:
            if is_repository(given.name):
                found.repository = repository(given.name, given.data)
                found.sources[given.name] = lines_of(given.data)
            else:
                rest.append(given)
        except CannotRead as error:
            found.unreadable.append(error)
    told = found.repository
    for given in rest:
        format_ = told.of(given.name).format if told else None
        try:
            if end is not None and monotonic() > end:
                raise CannotRead(gettext(TOO_LONG), file=given.name)
            found.readings.append(read(given.name, given.data, format_))
        except CannotRead as error:
            found.unreadable.append(error)
        else:
            found.lines.append(lines_of(given.data))
            found.sources[given.name] = found.lines[-1]
    found.configuration = configuration(
        found.readings, repository=told, component=component, environment=environment
    )
    return found


def lines_of(data: bytes) -> list[str]:
    text = data.decode("utf-8-sig", errors="replace")
    return [line[:LONGEST_LINE] for line in text.split("\n")]
