"""What is measured of one quarter on one database, in a process with that database's settings.

python -m tests.bench.quarter INCIDENTS ANSWER.json
python -m tests.bench.quarter export FORMAT FILE ANSWER.json
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pypdfium2
from django.core.management import call_command
from django.db import connection

from tests.bench.figures import figures_of
from tests.bench.server import ROOT, Reader, running_site

# Sets Django up, too.
from tests.bench.site import database_version, reader, timed

QUARTER = "2025Q4"
REVIEW, LIST = f"/reviews/{QUARTER}/", "/incidents/"
LATER = [f"{REVIEW}figures/{part}/" for part in (1, 2)]
PAGES, LISTS = 40, 60
LOOK_EVERY = 0.2
"""Seconds between two looks at the memory of an export."""
Told = dict[str, Any]


def main(incidents: int) -> Told:
    prepare(incidents)
    _, cookie = reader()
    told: Told = {"database": database_version(), "incidents": incidents}
    with running_site() as port:
        asking = Reader(port, cookie)
        told["first"] = 1000 * asking.seconds(REVIEW)
        told["review"] = asdict(timed(lambda _: asking.seconds(REVIEW), range(PAGES)))
        told["later"] = [
            asdict(timed(lambda _, of=part: asking.seconds(of), range(PAGES // 2)))
            for part in LATER
        ]
        told["list"] = asdict(timed(lambda _: asking.seconds(LIST), range(LISTS)))
        told["pdf"], _ = exported("pdf")
        for wanted in ("csv", "xlsx"):
            # What nobody used for a while, the server has closed.
            told[wanted], beside = exported(wanted, Reader(port, cookie))
            told[f"list beside {wanted}"] = asdict(figures_of(beside))
    return told


def prepare(incidents: int) -> None:
    say = {"stdout": sys.stderr, "stderr": sys.stderr}
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("make_history", incidents=incidents, period=QUARTER, **say)
    with connection.cursor() as cursor:
        # PostgreSQL would do it by itself within a minute.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def exported(wanted: str, asking: Reader | None = None) -> tuple[Told, list[float]]:
    """The export in a process of its own, as a worker has it; meanwhile the list is read."""
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "tests.bench.quarter", "export", wanted]
        command += [str(Path(folder) / f"pack.{wanted}"), str(answer)]
        process = subprocess.Popen(command, cwd=ROOT)
        try:
            while process.poll() is None:
                if asking is None:
                    time.sleep(LOOK_EVERY)
                else:
                    times.append(asking.seconds(LIST))
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        told: Told = json.loads(answer.read_text())
    return told, times


def export(wanted: str, path: Path) -> Told:
    """Megabytes that are this process's alone, and what the process that lays pages out took."""
    done, peak = Event(), [0.0]

    def look() -> None:
        while not done.wait(LOOK_EVERY):
            peak[0] = max(peak[0], megabytes())

    looking = Thread(target=look)
    looking.start()
    begun = time.perf_counter()
    try:
        call_command("export_review", QUARTER, format=wanted, output=path, stdout=sys.stderr)
        took = time.perf_counter() - begun
    finally:
        done.set()
        looking.join()
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": took,
        "processor": time.process_time(),
        "megabytes": peak[0],
        "child_megabytes": child.ru_maxrss / 1024,
        "child_seconds": child.ru_utime + child.ru_stime,
        "pages": len(pypdfium2.PdfDocument(path)) if wanted == "pdf" else 0,
    }


def megabytes() -> float:
    """Without the database's file, which SQLite maps: the system takes that back when it likes."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    if sys.argv[1] == "export":
        answer = export(sys.argv[2], Path(sys.argv[3]))
    else:
        answer = main(int(sys.argv[1]))
    Path(sys.argv[-1]).write_text(json.dumps(answer))
