"""What a check of configuration has found: plain data, from which every report is written."""

from dataclasses import dataclass, field
from enum import Enum

from django.utils.translation import gettext_lazy

from incidents.guard.configuration import CannotRead, Setting
from incidents.lib.words.translated import Translated


class Kind(Enum):
    VIOLATED = "guard-violated"
    REPEATS = "repeats-a-change"
    TOUCHES = "touches-a-knob-with-a-past"


class Level(Enum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    """No verdict: only something to know."""

    @property
    def label(self) -> Translated:
        """For people."""
        return LABELS[self]


LABELS: dict[Level, Translated] = {
    Level.ERROR: gettext_lazy("error"),
    Level.WARNING: gettext_lazy("warning"),
    Level.NOTE: gettext_lazy("note"),
}


@dataclass(frozen=True)
class Past:
    """An incident that a finding speaks of, or a lesson; `key` is the record's."""

    reference: str
    title: str
    url: str
    key: int = 0


@dataclass(frozen=True)
class Asked:
    """A guard with the lesson that it is the form of, and the incident that paid for it."""

    expression: str
    precondition: str
    message: str
    severity: str
    lesson: Past
    incident: Past | None
    version: int = 1
    key: int = 0


@dataclass(frozen=True)
class Finding:
    """`setting` is where it stands; `values` are all that the guard looked at, by name.

    `message` becomes words of a language where it is shown.
    """

    kind: Kind
    level: Level
    message: str
    setting: Setting | None
    name: str
    values: dict[str, Setting] = field(default_factory=dict)
    lesson: Past | None = None
    incidents: tuple[Past, ...] = ()

    @property
    def rule(self) -> str:
        """What a program calls it by: the lesson where there is one."""
        return self.lesson.reference if self.lesson else self.kind.value


@dataclass(frozen=True)
class NotChecked:
    """A guard that could not be told; `missing` are the names whose values would be needed."""

    lesson: Past
    reasons: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """`held` are the lessons whose guards hold; those that concern nothing here are in no list.

    `sources` are the lines of each file that was read, `guards` all that were asked. `run` is the
    address at which the check is kept, `not_kept` says why it could not be.
    """

    findings: list[Finding] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    unreadable: list[CannotRead] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    held: list[Past] = field(default_factory=list)
    settings: int = 0
    sources: dict[str, list[str]] = field(default_factory=dict)
    guards: list[Asked] = field(default_factory=list)
    run: str = ""
    not_kept: str = ""

    @property
    def verdicts(self) -> list[Finding]:
        """Those that speak against the configuration."""
        return [one for one in self.findings if one.level is not Level.NOTE]

    @property
    def checked(self) -> int:
        """How many guards gave an answer."""
        return len(self.held) + sum(one.kind is Kind.VIOLATED for one in self.findings)

    def line_of(self, setting: Setting) -> str:
        """The line as it is written, or nothing where the value stands in none."""
        lines = self.sources.get(setting.file, [])
        return lines[setting.line - 1] if 0 < setting.line <= len(lines) else ""
