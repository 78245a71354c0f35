"""For each story: the configuration as it was fails and names its incident, as it became passes.

The files are in the formats of the tools that the stories name; what a story does not tell of its
own system stands in a file of ours.
"""

from pathlib import Path

import pytest
from django.core.management import call_command

from incidents.access.permissions import everybody
from incidents.guard.files import Given
from incidents.guard.findings import Kind, Report
from incidents.guard.queries import active_guards, check_files
from incidents.models import Guard, Incident

pytestmark = pytest.mark.django_db
STORIES = Path(__file__).with_name("stories")


@pytest.fixture(autouse=True)
def demo() -> None:
    call_command("load_demo", verbosity=0)


def files(story: str, side: str) -> list[Given]:
    folder = STORIES / story / side
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [Given(str(path.relative_to(folder)), path.read_bytes()) for path in found]


def told(report: Report) -> list[tuple[str, str, int]]:
    """Of each violated guard: the incident, and the file and line."""
    return [
        (finding.incidents[0].title, finding.setting.file, finding.setting.line)
        for finding in report.findings
        if finding.kind is Kind.VIOLATED and finding.setting
    ]


BEFORE = [
    ("1", [("cloudfactory", "config/unicorn.rb", 4)]),
    ("2", [("janitorial", "config/database.yml", 4)]),
    ("3", [("dutchie", "monitoring.yaml", 1), ("dutchie", "orders.yaml", 2)]),
    ("5", [("worker", "async_worker.toml", 1)]),
    ("6", [("podiant", "gunicorn.conf.py", 5)]),
    # The same in containers.
    ("6-compose", [("podiant", "compose.yaml", 4)]),
]


@pytest.mark.parametrize(("story", "expected"), BEFORE)
def test_as_it_was_it_fails(story: str, expected: list[tuple[str, str, int]]) -> None:
    report = check_files(files(story, "before"), everybody())

    assert report.unreadable == []
    found = told(report)
    assert {place[1:] for place in found} >= {place[1:] for place in expected}
    keys = {place[0] for place in expected}
    titles = Incident.objects.filter(external_key__icontains=keys.pop()).values_list("title")
    assert {(title,) for title, _file, _line in found} == set(titles)


@pytest.mark.parametrize("story", [story for story, _expected in BEFORE])
def test_as_it_became_it_passes(story: str) -> None:
    report = check_files(files(story, "after"), everybody())

    assert report.unreadable == []
    assert report.verdicts == []
    assert report.held


@pytest.mark.parametrize("story", ["1", "2", "3", "5"])
def test_the_way_back_is_told_as_a_fix_taken_back(story: str) -> None:
    report = check_files(files(story, "before"), everybody(), before=files(story, "after"))

    assert any(finding.kind is Kind.REPEATS for finding in report.findings)


@pytest.mark.parametrize("story", ["6", "6-compose"])
def test_a_pool_that_does_not_fit_the_database_is_caught(story: str) -> None:
    wide = [
        Given(one.name, one.data.replace(b"default_pool_size = 20", b"default_pool_size = 200"))
        for one in files(story, "after")
    ]

    (finding,) = check_files(wide, everybody()).verdicts

    places = {name: (one.file, one.written) for name, one in finding.values.items()}
    assert places["pgbouncer.default_pool_size"] == ("pgbouncer.ini", "200")
    assert places["postgresql.max_connections"][1].endswith("100")


def test_the_formats_of_the_tools_are_all_among_the_files() -> None:
    """Those that the stories name, or that their tools are set up with."""
    names = {one.name.rpartition("/")[2] for story, _ in BEFORE for one in files(story, "after")}

    assert names >= {
        "unicorn.rb",
        "sidekiq.yml",
        "database.yml",
        "postgresql.conf",
        "pgbouncer.ini",
        "gunicorn.conf.py",
        "celeryconfig.py",
        "compose.yaml",
    }


def test_every_guard_of_the_stories_is_tried_here() -> None:
    tried: set[str] = set()
    for story, _expected in BEFORE:
        tried |= {
            lesson.reference for lesson in check_files(files(story, "after"), everybody()).held
        }

    assert tried == {guard.lesson.reference for guard in active_guards(everybody())}
    assert len(tried) == Guard.objects.count()
