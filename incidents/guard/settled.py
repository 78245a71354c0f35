"""The settings of all components, as a guard asks for them."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext

from incidents.guard.configuration import Setting, Unknown
from incidents.guard.configuration import Value as Read
from incidents.guard.language.evaluation import Configuration
from incidents.guard.language.values import Known, Undecided, Value, Written
from incidents.lib.secret_values import names_a_secret
from incidents.lib.setting_names import as_name

Components = Mapping[str, Mapping[str, Setting]]
"""By component, then by dotted key."""
Path = tuple[str, ...]

MOST_STEPS = 64
"""Of one key: what comes after them is one step, whatever is in it."""


def counting(values: Mapping[str, Mapping[str, Sequence[Setting]]]) -> Components:
    """Of several settings of one name the last one counts."""
    return {
        component: {key: settings[-1] for key, settings in keys.items() if settings}
        for component, keys in values.items()
    }


class Settled(Configuration):
    """Names are compared with _ for what is not a letter or a digit; the first step is a component.

    A value that only running the file would tell is undecided, with the reader's reason.
    """

    def __init__(self, components: Components) -> None:
        self.components = {as_name(name) for name in components}
        self.settings: dict[Path, Setting] = {}
        self.groups: dict[Path, dict[str, Path]] = {}
        for component, settings in components.items():
            for key, setting in settings.items():
                self._put((as_name(component), *steps(key)), setting)

    def _put(self, path: Path, setting: Setting) -> None:
        self.settings[path] = setting
        for length in range(len(path) - 1, 0, -1):
            self.groups.setdefault(path[:length], {})[path[length]] = path[: length + 1]

    def value_at(self, path: Path) -> Value:
        wanted = tuple(map(as_name, path))
        if wanted in self.settings:
            return known(self.settings[wanted], ".".join(path))
        if wanted in self.groups:
            return self._group(wanted)
        # A key may itself have dots: a["b.c"] is the setting b.c.
        flat = (wanted[0], *(step for name in path[1:] for step in steps(name)))
        if flat in self.settings:
            return known(self.settings[flat], ".".join(path))
        name = ".".join(path)
        if wanted[0] in self.components:
            reason = gettext("%(name)s is not in any file") % {"name": name}
        else:
            reason = gettext("%(name)s is not in any file of %(component)s") % {
                "name": name,
                "component": path[0],
            }
        return Undecided((reason,), (name,))

    def _group(self, path: Path) -> Value:
        group: dict[str, Known] = {}
        for step, inner in self.groups[path].items():
            value = self.value_at(inner)
            if isinstance(value, Undecided):
                return value
            group[step] = value
        return group

    def has(self, path: Path) -> bool | Undecided:
        wanted = tuple(map(as_name, path))
        if wanted[0] not in self.components:
            return Undecided(
                (gettext("no file of %(path)s was read") % {"path": path[0]},), (path[0],)
            )
        return wanted in self.settings or wanted in self.groups

    def setting_of(self, name: str) -> Setting | None:
        """The setting that a dotted name means; of a group the first in it."""
        path = tuple(steps(name))
        if path in self.settings:
            return self.settings[path]
        for inner in self.groups.get(path, {}).values():
            return self.setting_of(".".join(inner))
        return None


def steps(key: str) -> list[str]:
    return [as_name(step) for step in key.split(".", MOST_STEPS)]


def known(setting: Setting, name: str) -> Value:
    if isinstance(setting.value, Unknown):
        return not_known(name, setting.value)
    if isinstance(setting.value, list):
        return _list(setting.value, name)
    if isinstance(setting.value, str):
        return Written(setting.value, component=name.partition(".")[0])
    return setting.value


def not_known(name: str, value: Unknown) -> Undecided:
    # The reason may quote a default, which is not to be shown of a password.
    reason = gettext("it is settled where the file runs") if names_a_secret(name) else value.reason
    return Undecided(
        (gettext("%(name)s is not known: %(reason)s") % {"name": name, "reason": reason},), (name,)
    )


def _list(items: list[Read], name: str) -> Value:
    found: list[Known] = []
    for item in items:
        if isinstance(item, Unknown):
            return not_known(name, item)
        inner = _list(item, name) if isinstance(item, list) else item
        if isinstance(inner, Undecided):
            return inner
        found.append(inner)
    return found
