"""What the locks pin, and for whom."""

import re
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")
HASH = re.compile(r"--hash=sha256:(?P<sha256>[0-9a-f]{64})")
# `# via django`, or each on a line of its own; the project is `postmortems (pyproject.toml)`.
VIA = re.compile(r"^    # +(?:via )?(?P<name>[A-Za-z0-9._-]+)(?: \(pyproject\.toml[^)]*\))?$")


@dataclass(frozen=True)
class Pin:
    name: str
    version: str
    sha256: tuple[str, ...]
    # The packages that want it.
    wanted_by: tuple[str, ...]


def pins(lock: str) -> list[Pin]:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text(), flags=re.MULTILINE)
    return [pin_of(entry) for entry in entries if PIN.match(entry)]


def pin_of(entry: str) -> Pin:
    pin = PIN.match(entry)
    assert pin
    wanting = (VIA.match(line) for line in entry.splitlines())
    return Pin(
        name=canonicalize_name(pin["name"]),
        version=pin["version"],
        sha256=tuple(HASH.findall(entry)),
        wanted_by=tuple(
            canonicalize_name(found["name"])
            for found in wanting
            if found and found["name"] != "via"
        ),
    )


def locked(lock: str) -> dict[str, str]:
    """The version of every package in a lock."""
    return {pin.name: pin.version for pin in pins(lock)}
