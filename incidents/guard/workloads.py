"""Services of compose files and workloads of Kubernetes: each is a component of its own name.

Beside what stands in the file by its path, each has `replicas`, `env.NAME`, `resources.…` and the
options of its command; a program that is known by them (gunicorn, celery) is a component as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext

from incidents.guard.commands import command
from incidents.guard.configuration import Reading, Setting, Unknown, Value
from incidents.guard.readers.found import plain
from incidents.guard.readers.placeholders import filled_in

Assigned = tuple[str, Setting]
Path = tuple[str, ...]
FORMATS = {"yaml", "json"}
# What a manifest says of itself.
ABOUT = {"apiVersion", "kind", "metadata", "status"}
SERVICE = {"image", "build", "command", "environment", "deploy", "extends"}


def settings(reading: Reading) -> Iterator[Assigned]:
    """None for a file that describes neither."""
    if reading.format not in FORMATS:
        return
    documents: dict[int, list[Setting]] = {}
    for setting in reading.settings:
        documents.setdefault(setting.document, []).append(setting)
    for document in documents.values():
        by_path = {setting.path: setting for setting in document}
        if ("apiVersion",) in by_path and ("kind",) in by_path:
            yield from _Manifest(by_path).all(document)
        elif any(_is_service(path) for path in by_path):
            yield from _services(document)


def _is_service(path: Path) -> bool:
    return len(path) > len(("services", "web")) and path[0] == "services" and path[2] in SERVICE


def _services(document: Iterable[Setting]) -> Iterator[Assigned]:
    for original in document:
        if original.path[0] != "services" or len(original.path) <= len(("services", "web")):
            continue
        service, path = original.path[1], original.path[2:]
        setting = _of(original, path, _filled(original.value))
        yield service, setting
        for short in _shorter(setting):
            yield service, short
        if path[0] in ("command", "entrypoint") and len(path) == 1:
            yield from _options(service, setting)


def _shorter(setting: Setting) -> Iterator[Setting]:
    """The names that compose's and Kubernetes' settings have in common."""
    path = setting.path
    if path in {("deploy", "replicas"), ("scale",)}:
        yield _of(setting, ("replicas",), setting.value)
    elif path[:2] == ("deploy", "resources"):
        yield _of(setting, path[1:], setting.value)
    elif path[0] == "environment" and len(path) == len(("environment", "NAME")):
        yield _of(setting, ("env", path[1]), _text_as_number(setting.value))
    elif path == ("environment",) and isinstance(setting.value, list):
        for each in setting.value:
            name, equals, text = str(each).partition("=")
            if not isinstance(each, Unknown):
                value = typed(text) if equals else Unknown(gettext("the environment gives it"))
                yield replace(_of(setting, ("env", name), value), written=text or name)


class _Manifest:
    """One document of Kubernetes."""

    def __init__(self, by_path: dict[Path, Setting]) -> None:
        self.by_path = by_path
        self.kind = self.text(("kind",))
        self.name = self.text(("metadata", "name")) or self.kind.lower()
        if self.kind == "HorizontalPodAutoscaler":
            self.name = self.text(("spec", "scaleTargetRef", "name")) or self.name

    def text(self, path: Path) -> str:
        setting = self.by_path.get(path)
        return setting.value if setting and isinstance(setting.value, str) else ""

    def all(self, document: Iterable[Setting]) -> Iterator[Assigned]:
        for setting in document:
            path = setting.path
            if self.kind == "HorizontalPodAutoscaler":
                if path[0] == "spec":
                    yield self.name, _of(setting, ("autoscaler", *path[1:]), setting.value)
                continue
            if path[0] not in ABOUT:
                yield self.name, setting
            if path == ("spec", "replicas"):
                yield self.name, _of(setting, path[1:], setting.value)
            elif "containers" in path[:-2]:
                yield from self.of_container(setting, path.index("containers"))

    def of_container(self, setting: Setting, at: int) -> Iterator[Assigned]:
        """The first container is the workload; others that go with it have names of their own."""
        container, path = setting.path[: at + 2], setting.path[at + 2 :]
        component = self.name
        if container[-1] != "0":
            component = self.text((*container, "name")) or f"{self.name}.{container[-1]}"
        if path[0] == "env" and len(path) > len(("env", "0")):
            yield from self.variable(setting, container, path, component)
            return
        yield component, _of(setting, path, setting.value)
        if path in {("command",), ("args",)}:
            yield from self.options(setting, container, component)

    def variable(
        self, setting: Setting, container: Path, path: Path, component: str
    ) -> Iterator[Assigned]:
        name = self.text((*container, *path[:2], "name"))
        if path[2] == "value":
            yield component, _of(setting, ("env", name), _text_as_number(setting.value))
        elif path[2] == "valueFrom":
            value = Unknown(gettext("the cluster gives it, by “valueFrom”"))
            yield component, _of(setting, ("env", name), value)

    def options(self, setting: Setting, container: Path, component: str) -> Iterator[Assigned]:
        """`command` and `args` are one command line; it is told with the later of them."""
        line: list[Value] = []
        parts = [self.by_path.get((*container, part)) for part in ("command", "args")]
        present = [part for part in parts if part is not None]
        if setting is not present[-1]:
            return
        for part in present:
            line += part.value if isinstance(part.value, list) else [part.value]
        yield from _options(component, replace(setting, value=line))


def _options(component: str, setting: Setting) -> Iterator[Assigned]:
    found = command(setting.value)
    if found is None:
        return
    for option in found.options:
        of_option = replace(
            setting,
            key=option.name,
            path=(option.name,),
            value=option.value,
            written=option.written,
        )
        yield component, of_option
        if found.component != component:
            yield found.component, of_option


def _filled(value: Value) -> Value:
    """As compose fills in `${NAME}`, in texts and lists of them."""
    if isinstance(value, list):
        return [_filled(each) for each in value]
    if isinstance(value, str) and "$" in value:
        return filled_in(value) or value.replace("$$", "$")
    return value


def typed(text: str) -> Value:
    return filled_in(text) or plain(text)


def _text_as_number(value: Value) -> Value:
    """Variables are texts, whether the file puts quotes around them or not."""
    return plain(value) if isinstance(value, str) else value


def _of(setting: Setting, path: Path, value: Value) -> Setting:
    return replace(setting, key=".".join(path), path=path, value=value)
