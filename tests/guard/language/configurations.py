"""A configuration for tests: nested dictionaries, as they stand."""

from collections.abc import Mapping

from incidents.guard.language.evaluation import Configuration
from incidents.guard.language.values import Known, Undecided, Value


class Settings(Configuration):
    def __init__(self, **components: Known) -> None:
        self.components = components

    def value_at(self, path: tuple[str, ...]) -> Value:
        found: Known = self.components
        for step in path:
            if not isinstance(found, Mapping) or step not in found:
                name = ".".join(path)
                return Undecided((f"{name} is not there",), (name,))
            found = found[step]
        return found

    def has(self, path: tuple[str, ...]) -> bool | Undecided:
        if path[0] not in self.components:
            return Undecided((f"nothing of {path[0]} is there",), (path[0],))
        return not isinstance(self.value_at(path), Undecided)
