"""Which component each setting is of: told by the names of files, or by a postmortems.toml.

    Configuration.values["unicorn"]["timeout"] is a list of settings, of which the last one counts.

Names are compared by `as_name`, so that “async worker” of a record is `async_worker` in a guard.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from django.utils.translation import gettext

from incidents.guard import workloads
from incidents.guard.configuration import Reading, Setting
from incidents.guard.hiding import written
from incidents.guard.repository import Repository
from incidents.lib.setting_names import as_dotted_name, as_name
from incidents.lib.words.listed import both

# The first that fits; of names in lower case, without folders and without `.erb`.
CONVENTIONS = [
    ("unicorn*.rb", "unicorn"),
    ("puma*.rb", "puma"),
    ("sidekiq*.yml", "sidekiq"),
    ("database.yml", "database"),
    ("postgresql*.conf", "postgresql"),
    ("pgbouncer*.ini", "pgbouncer"),
    ("gunicorn*.py", "gunicorn"),
    ("celery*.py", "celery"),
    ("nginx*.conf", "nginx"),
    ("*.nginx", "nginx"),
    ("*.tfvars", "terraform"),
    (".env*", "env"),
]
# Sections that Rails and its like have for each environment.
ENVIRONMENTS = {"production", "staging", "development", "test"}
SHARED = {"default", "defaults", "shared"}
# Of these the section of the component's own name is the component.
OWN_SECTION = {"pgbouncer", "gunicorn", "celery", "uwsgi", "redis"}
ENVIRONMENT = "production"


@dataclass(slots=True)
class Configuration:
    """All settings by component and key, each with those of the same name in the order read."""

    values: dict[str, dict[str, list[Setting]]] = field(default_factory=dict)

    def add(self, component: str, setting: Setting) -> None:
        keys = self.values.setdefault(as_name(component), {})
        settings = keys.setdefault(as_dotted_name(setting.key), [])
        # Those of one file come one after the other: of many files there may be many of a name.
        if not settings or settings[-1] != setting:
            settings.append(setting)

    def get(self, component: str, key: str) -> Setting | None:
        """The one that counts, `None` where there is none."""
        settings = self.values.get(as_name(component), {}).get(as_dotted_name(key))
        return settings[-1] if settings else None

    def notes(self) -> list[str]:
        """What was set twice, to different values."""
        return [
            gettext("%(component)s.%(key)s is set in %(places)s; the last one counts.")
            % {"component": component, "key": key, "places": both(map(_place, settings))}
            for component, keys in self.values.items()
            for key, settings in keys.items()
            if len({str(each.value) for each in settings}) > 1
        ]


def configuration(
    readings: Iterable[Reading],
    *,
    repository: Repository | None = None,
    component: str | None = None,
    environment: str | None = None,
) -> Configuration:
    """What was read, put together. `component` and `environment` are for all files.

    Values that a postmortems.toml gives come last: somebody wrote them down for this.
    """
    told = repository or Repository()
    found = Configuration()
    for reading in readings:
        mapping = told.of(reading.file)
        chosen = environment or mapping.environment or told.environment or ENVIRONMENT
        for name, setting in _assigned(reading, component or mapping.component, chosen):
            found.add(name, setting)
    for name, setting in told.values:
        found.add(name, setting)
    return found


def _assigned(
    reading: Reading, component: str | None, environment: str
) -> Iterator[tuple[str, Setting]]:
    workload_settings = list(workloads.settings(reading))
    if workload_settings and component is None:
        yield from workload_settings
        return
    name = component or by_convention(reading.file)
    for setting in of_environment(reading, environment):
        if setting.path[0] == name and name in OWN_SECTION and len(setting.path) > 1:
            yield name, under(setting, setting.path[1:])
        else:
            yield name, setting
            if reading.format == "nginx" and len(setting.path) > 1:
                # A directive is known by its name, in whichever block it stands.
                yield name, under(setting, setting.path[-1:])
    for _, setting in workload_settings:
        yield name, setting


def by_convention(file: str) -> str:
    """By the name of the file; else that name itself, up to its first dot."""
    base = PurePosixPath(file.replace("\\", "/")).name.lower().removesuffix(".erb")
    for pattern, component in CONVENTIONS:
        if fnmatchcase(base, pattern):
            return component
    return base.strip(".").partition(".")[0]


def of_environment(reading: Reading, environment: str) -> Iterator[Setting]:
    """Without the name of the environment, and without the others; shared ones come first.

    A file has such sections when one of them is called as environments are.
    """
    tops = {setting.path[0] for setting in reading.settings if len(setting.path) > 1}
    if reading.format not in ("yaml", "json", "toml", "ini") or not tops & {
        *ENVIRONMENTS,
        environment,
    }:
        yield from reading.settings
        return
    own = [
        under(setting, setting.path[1:])
        for setting in reading.settings
        if setting.path[0] == environment and len(setting.path) > 1
    ]
    told = {setting.path for setting in own}
    for setting in reading.settings:
        shared = len(setting.path) == 1 or setting.path[0] not in {
            *ENVIRONMENTS,
            *SHARED,
            environment,
        }
        if shared and setting.path not in told:
            yield setting
    yield from own


def under(setting: Setting, path: tuple[str, ...]) -> Setting:
    return replace(setting, path=path, key=".".join(path))


def _place(setting: Setting) -> str:
    many = setting.value if isinstance(setting.value, list) else None
    value = (
        written(setting) if many is None else gettext("a list of %(count)s") % {"count": len(many)}
    )
    return f"{setting.file}:{setting.line} ({value})"
