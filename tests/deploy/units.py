"""Units of systemd, read as far as they say what is run and how it is ended."""

import shlex
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
ONE, SEVERAL = DEPLOY / "one-machine", DEPLOY / "several-machines"
# Where the program stands, as the units and the container know it.
PLACE = "/srv/postmortems"


@dataclass(frozen=True)
class Machine:
    """What systemd puts in for `%H`, `%S` and `%t`."""

    name: str
    state: Path
    run: Path

    def fill(self, text: str) -> str:
        places = {"%H": self.name, "%S": str(self.state), "%t": str(self.run)}
        for mark, value in places.items():
            text = text.replace(mark, value)
        if "%" in text:
            raise ValueError(f"{text} has a specifier that is not known here.")
        return text


@dataclass(frozen=True)
class Unit:
    path: Path
    sections: Mapping[str, list[tuple[str, str]]]

    def values(self, name: str, *, section: str = "Service") -> list[str]:
        return [value for key, value in self.sections.get(section, []) if key == name]

    def value(self, name: str, default: str = "") -> str:
        """The last one, which counts."""
        return [default, *self.values(name)][-1]

    def commands(self, machine: Machine) -> list[list[str]]:
        """With this checkout, and the Python that runs the tests, in the place of the site."""
        return [here(shlex.split(machine.fill(line))) for line in self.values("ExecStart")]

    def environment(self, machine: Machine) -> dict[str, str]:
        words = [word for line in self.values("Environment") for word in shlex.split(line)]
        return dict(machine.fill(word).split("=", 1) for word in words)

    @property
    def environment_files(self) -> list[str]:
        return [Path(value).name for value in self.values("EnvironmentFile")]

    @property
    def stop_signal(self) -> signal.Signals:
        return signal.Signals[self.value("KillSignal", "SIGTERM")]

    @property
    def good_ends(self) -> set[int]:
        """What it ends with when it was asked to end."""
        return {0, -signal.SIGTERM, *map(int, self.values("SuccessExitStatus"))}

    @property
    def stop_seconds(self) -> float:
        return float(self.value("TimeoutStopSec"))


def here(words: list[str]) -> list[str]:
    program = words[0].removeprefix(f"{PLACE}/.venv/bin/")
    return [str(Path(sys.executable).parent / program), *words[1:]]


def read_unit(path: Path) -> Unit:
    """Raises `ValueError` for a line that is none of a unit."""
    sections: dict[str, list[tuple[str, str]]] = {}
    name = ""
    text = path.read_text().replace("\\\n", " ")
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith(("#", ";")):
            continue
        if line.startswith("["):
            name = line.strip("[]")
            sections[name] = []
            continue
        key, equals, value = line.partition("=")
        if not equals or not name:
            raise ValueError(f"{path.name}: {line!r} is no line of a unit.")
        sections[name].append((key, value))
    return Unit(path, sections)


def units(folder: Path) -> list[Unit]:
    return [read_unit(path) for path in sorted(folder.glob("*.service"))]


def read_environment(path: Path) -> dict[str, str]:
    """An `EnvironmentFile=` of plain lines."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)
