"""What was found in configuration files: settings, each with the place where it stands."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is settled only where the file is run, or that the file leaves to another.

    The reason ends a sentence that begins "not known:", as in "5 unless DB_POOL is set".
    """

    reason: str


Value = str | int | float | bool | None | list["Value"] | Unknown


@dataclass(frozen=True, slots=True)
class Setting:
    """`key` is the dotted path within its file, `path` the same in parts (a part may have dots).

    Lines and documents (of one file, as in YAML) are counted from 1.
    """

    key: str
    value: Value
    written: str
    file: str
    line: int
    path: tuple[str, ...] = ()
    document: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read. Settings stand in its order; of two with one key the later wins."""

    file: str
    format: str
    settings: list[Setting] = field(default_factory=list)


class CannotRead(ValueError):
    """The message is a sentence for whoever wrote the file."""

    def __init__(self, message: str, *, file: str = "", line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        return f"{place}: {self.message}" if place else self.message
