"""The units, environment files and the rest of `deploy/` say the same as the program does."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from incidents.lib.connection_budget import Budget
from postmortems.settings import CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT
from tests.architecture.test_settings import settings_documented
from tests.deploy.units import (
    DEPLOY,
    ONE,
    PLACE,
    SEVERAL,
    Machine,
    Unit,
    read_environment,
    read_unit,
    units,
)

ALL = [*units(ONE), *units(SEVERAL)]
LONG_RUNNING = [unit for unit in ALL if unit.value("Type") == "exec"]
SHARED = Path("/srv/shared")
ENVIRONMENTS = sorted(DEPLOY.glob("*/*.env"))
HARDENED = {
    "NoNewPrivileges": "yes",
    "PrivateDevices": "yes",
    "PrivateTmp": "yes",
    "ProtectHome": "yes",
    "ProtectSystem": "strict",
    "SystemCallFilter": "@system-service",
    "UMask": "0077",
    "User": "postmortems",
}


def named(path: Path) -> str:
    return str(path.relative_to(DEPLOY))


def option(unit: Unit, name: str) -> int:
    """Of the program that a unit starts."""
    words = unit.value("ExecStart").split()
    return int(words[words.index(name) + 1])


@pytest.mark.parametrize("unit", ALL, ids=lambda unit: named(unit.path))
def test_every_unit_is_walled_in(unit: Unit) -> None:
    assert {name: unit.value(name) for name in HARDENED} == HARDENED
    assert unit.value("CapabilityBoundingSet", "not said") == ""


@pytest.mark.parametrize("unit", LONG_RUNNING, ids=lambda unit: named(unit.path))
def test_what_runs_all_the_time_is_started_anew_for_ever(unit: Unit) -> None:
    assert unit.value("Restart") == "always"
    assert unit.values("StartLimitIntervalSec", section="Unit") == ["0"]
    assert unit.values("WantedBy", section="Install") == ["multi-user.target"]


def test_programs_end_by_themselves_before_they_are_killed() -> None:
    for folder in (ONE, SEVERAL):
        web = read_unit(folder / "postmortems-web.service")
        assert option(web, "--workers-kill-timeout") < web.stop_seconds
    for queue in ("light", "heavy"):
        worker = read_unit(SEVERAL / f"postmortems-{queue}.service")
        assert worker.stop_signal.name == "SIGQUIT"
        assert worker.stop_seconds > CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT + 20


@pytest.mark.parametrize("name", ["web", "light", "heavy"])
def test_who_works_with_shared_files_may_write_there(name: str) -> None:
    told = read_environment(SEVERAL / "postmortems.env")
    writable = read_unit(SEVERAL / f"postmortems-{name}.service").values("ReadWritePaths")

    assert {Path(told[name]).parent for name in ("EXPORT_DIR", "IMPORT_DIR")} == {SHARED}
    assert str(SHARED) in writable


@pytest.mark.parametrize("folder", [ONE, SEVERAL], ids=lambda path: path.name)
def test_the_heavy_worker_may_write_backups(folder: Path) -> None:
    wanted = {read_environment(path).get("BACKUP_DIR") for path in folder.glob("*.env")} - {None}
    writable = read_unit(folder / "postmortems-heavy.service").values("ReadWritePaths")

    assert {f"-{path}" for path in wanted} <= set(" ".join(writable).split())


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=named)
def test_environment_files_name_settings_that_there_are(path: Path) -> None:
    names = set(read_environment(path))

    assert names
    assert names - settings_documented() == set()


@pytest.mark.parametrize("unit", ALL, ids=lambda unit: named(unit.path))
def test_units_read_environment_files_that_there_are(unit: Unit) -> None:
    known = {"postmortems.env"} | {path.name for path in ENVIRONMENTS}

    assert unit.environment_files[0] == "postmortems.env"
    assert set(unit.environment_files) <= known


@pytest.mark.parametrize("path", [*ENVIRONMENTS[:2], SEVERAL / "postmortems.env"], ids=named)
def test_what_the_site_counts_by_is_what_the_units_start(path: Path) -> None:
    told = {name: int(value) for name, value in read_environment(path).items() if is_count(name)}
    web = read_unit(path.parent / "postmortems-web.service")
    machines = 2 if path.parent == SEVERAL else 1
    concurrency = {
        queue: option(read_unit(SEVERAL / f"postmortems-{queue}.service"), "--concurrency")
        for queue in ("light", "heavy")
    }

    assert told == {
        "WEB_PROCESSES": machines * option(web, "--workers"),
        "WEB_THREADS": option(web, "--blocking-threads"),
        "LIGHT_WORKERS": machines * concurrency["light"] if machines > 1 else 1,
        "HEAVY_WORKERS": machines * concurrency["heavy"] if machines > 1 else 1,
    }


def is_count(name: str) -> bool:
    return name.startswith("WEB_") or name.endswith("_WORKERS")


def test_the_site_knows_how_long_the_proxy_waits() -> None:
    said = re.findall(r"proxy_read_timeout (\d+)s;", (DEPLOY / "postmortems-site.conf").read_text())
    told = [read_environment(path).get("PROXY_SECONDS", "60") for path in ENVIRONMENTS]

    assert {*said, *told} == {"60"}


def test_pgbouncer_has_room_for_all_and_postgresql_for_it() -> None:
    bouncer = ConfigParser()
    bouncer.read(SEVERAL / "pgbouncer.ini")
    told = read_environment(SEVERAL / "postmortems.env")
    all_of_it = Budget(
        web_processes=int(told["WEB_PROCESSES"]),
        web_threads=int(told["WEB_THREADS"]),
        pool=int(told["DATABASE_POOL"]),
        light_workers=int(told["LIGHT_WORKERS"]),
        heavy_workers=int(told["HEAVY_WORKERS"]),
    )
    settings = bouncer["pgbouncer"]
    per_machine = settings.getint("default_pool_size") + settings.getint("reserve_pool_size")

    assert settings["pool_mode"] == "transaction"
    assert settings.getint("max_client_conn") > all_of_it.needed
    # What PostgreSQL allows as it comes, less what it keeps for its administrators.
    past_it = all_of_it.heavy_workers * 3
    assert 2 * per_machine + past_it < 97


@pytest.mark.parametrize("name", ["%n", "50%"])
def test_an_unknown_specifier_is_noticed(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="specifier"):
        Machine("one", tmp_path, tmp_path).fill(f"light@{name}")


def test_a_line_that_is_none_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "some.service"
    path.write_text("[Service]\nExecStart /bin/true\n")

    with pytest.raises(ValueError, match="no line of a unit"):
        read_unit(path)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
@pytest.mark.parametrize("folder", [ONE, SEVERAL], ids=lambda path: path.name)
def test_systemd_understands_them(folder: Path, tmp_path: Path) -> None:
    """With programs that there are: it looks for them, and for the folder."""
    for path in [*folder.glob("*.service"), *folder.glob("*.timer")]:
        text = path.read_text().replace(f"{PLACE}/.venv/bin/", "/usr/bin/env ")
        (tmp_path / path.name).write_text(text)
    words = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.glob("*")))]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    ours = ("postmortems-", str(tmp_path))

    assert [line for line in ended.stderr.splitlines() if line.startswith(ours)] == []
    (tmp_path / "postmortems-web.service").write_text("[Service]\nExecStrat=/bin/true\n")
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "ExecStrat" in ended.stderr
