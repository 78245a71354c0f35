"""The container files run what the units run. They are read here, and not built."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.units import DEPLOY, ONE, PLACE, ROOT, SEVERAL, read_unit

FOLDER = DEPLOY / "container"
OURS = FOLDER / "Containerfile"
COMPOSED = {"sqlite": ONE, "postgresql": ONE, "several": SEVERAL}
PLACES = [
    (kind, name)
    for kind, folder in COMPOSED.items()
    for name in ("web", "light", "heavy", *(["beat"] if folder == SEVERAL else []))
]


def services(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"compose-{kind}.yaml").read_text())
    return found["services"]


def of_the_unit(path: Path) -> list[str]:
    """With a container's name for the machine."""
    line = read_unit(path).value("ExecStart").replace(f"{PLACE}/", "").replace("%H", "%h")
    return line.split()


@pytest.mark.parametrize(("kind", "name"), PLACES)
def test_a_service_runs_what_its_unit_runs(kind: str, name: str) -> None:
    unit = read_unit(COMPOSED[kind] / f"postmortems-{name}.service")
    service = services(kind)[name]

    assert service["command"] == of_the_unit(unit.path)
    assert service["stop_grace_period"] == f"{unit.value('TimeoutStopSec')}s"
    assert service.get("stop_signal", "SIGTERM") == unit.stop_signal.name
    assert service["restart"] == "always"


@pytest.mark.parametrize("kind", COMPOSED)
def test_all_is_prepared_as_the_unit_does(kind: str) -> None:
    unit = read_unit(COMPOSED[kind] / "postmortems-prepare.service")
    wanted = [line.replace(f"{PLACE}/", "") for line in unit.values("ExecStart")]

    assert services(kind)["prepare"]["command"] == ["sh", "-c", " && ".join(wanted)]


@pytest.mark.parametrize("kind", COMPOSED)
def test_ours_can_write_to_their_volumes_and_become_nobody_else(kind: str) -> None:
    ours = [one for one in services(kind).values() if one.get("image") == "postmortems"]

    assert len(ours) >= 4
    for service in ours:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("kind", COMPOSED)
def test_what_a_service_waits_for_and_keeps_is_there(kind: str) -> None:
    whole = yaml.safe_load((FOLDER / f"compose-{kind}.yaml").read_text())
    for service in whole["services"].values():
        assert set(service.get("depends_on", {})) <= set(whole["services"])
        named = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert {name for name in named if name[0] != "."} <= set(whole["volumes"])


def test_the_image_has_all_that_the_program_is_made_of() -> None:
    lines = re.findall(r"^COPY (.+) (\S+)$", OURS.read_text(), re.MULTILINE)
    sources = {source for sources, _ in lines for source in sources.split()}
    let_in = (FOLDER / "Containerfile.dockerignore").read_text().split()

    assert sources == {line[1:] for line in let_in if line.startswith("!")}
    assert all((ROOT / source).exists() for source in sources)
    assert {"incidents", "postmortems", "static", "templates", "manage.py"} <= sources


def test_the_image_starts_the_web_server_as_the_unit_does() -> None:
    said = re.sub(r"\\\n\s*", "", OURS.read_text())
    (command,) = re.findall(r"^CMD (\[.*\])$", said, re.MULTILINE)

    assert yaml.safe_load(command) == of_the_unit(ONE / "postmortems-web.service")
    assert re.search(r"^USER 10001$", said, re.MULTILINE)
