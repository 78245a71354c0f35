"""postmortems.toml: what the names of files do not tell, and values that live elsewhere.

environment = "production"

[[files]]
glob = "deploy/workers/*.py"
component = "async worker"

[values]
postgresql.max_connections = 100
"""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead, Setting
from incidents.guard.readers import FORMATS, read

NAME = "postmortems.toml"
FIELDS = {"glob", "component", "environment", "format"}


@dataclass(slots=True)
class Mapping:
    """What is told of the files of one glob."""

    glob: str = ""
    component: str | None = None
    environment: str | None = None
    format: str | None = None


@dataclass(slots=True)
class Repository:
    environment: str | None = None
    files: list[Mapping] = field(default_factory=list)
    values: list[tuple[str, Setting]] = field(default_factory=list)

    def of(self, file: str) -> Mapping:
        """The first that fits. Globs are of the whole path; `*` is also for `/`."""
        path = re.sub(r"^(?:\./)+", "", file.replace("\\", "/"))
        for mapping in self.files:
            if fnmatchcase(path, mapping.glob) or PurePosixPath(path).match(mapping.glob):
                return mapping
        return Mapping()


def is_repository(file: str) -> bool:
    return PurePosixPath(file.replace("\\", "/")).name == NAME


def repository(file: str, data: bytes) -> Repository:
    """Raises `CannotRead`, also for what it does not know: a slip would check other values."""
    try:
        return _repository(read(file, data, "toml").settings)
    except CannotRead as error:
        error.file = file
        raise


def _repository(settings: list[Setting]) -> Repository:
    found = Repository()
    mappings: dict[str, Mapping] = {}
    for setting in settings:
        path = setting.path
        if path == ("environment",):
            found.environment = _text(setting)
        elif path[0] == "files" and len(path) == len(("files", "0", "glob")):
            _tell(mappings.setdefault(path[1], Mapping()), path[2], setting)
        elif path[0] == "values" and len(path) > len(("values", "component")):
            key = path[2:]
            value = Setting(
                *(".".join(key), setting.value, setting.written, setting.file, setting.line, key)
            )
            found.values.append((path[1], value))
        else:
            raise CannotRead(
                gettext(
                    "“%(key)s” is none of: environment, [[files]] with %(join)s, [values] with "
                    "component.key."
                )
                % {"key": setting.key, "join": ", ".join(sorted(FIELDS))},
                line=setting.line,
            )
    for number, mapping in mappings.items():
        if not mapping.glob:
            raise CannotRead(
                gettext("The table [[files]] number %(number)s has no glob.")
                % {"number": int(number) + 1}
            )
    found.files = list(mappings.values())
    return found


def _tell(mapping: Mapping, name: str, setting: Setting) -> None:
    text = _text(setting)
    if name not in FIELDS:
        raise CannotRead(
            gettext("“%(name)s” is none of %(join)s.")
            % {"name": name, "join": ", ".join(sorted(FIELDS))},
            line=setting.line,
        )
    if name == "format" and text not in FORMATS:
        raise CannotRead(
            gettext("“%(text)s” is none of the formats %(join)s.")
            % {"text": text, "join": ", ".join(FORMATS)},
            line=setting.line,
        )
    setattr(mapping, name, text)


def _text(setting: Setting) -> str:
    if not isinstance(setting.value, str):
        raise CannotRead(
            gettext("“%(key)s” has to be a text.") % {"key": setting.key}, line=setting.line
        )
    return setting.value
