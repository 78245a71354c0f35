"""Configuration in, what past incidents say of it out."""

from datetime import datetime
from typing import Any

from django.conf import settings
from pydantic import BaseModel, Field

from incidents.api.agents.tools.tool import Arguments, CannotDo, Text, Told, Tool
from incidents.guard.files import Given
from incidents.guard.forms import MOST_SECONDS
from incidents.guard.queries import check_files
from incidents.guard.readers.found import MOST_BYTES
from incidents.guard.reports import text
from incidents.guard.reports.json import as_data
from incidents.guard.runs.operations import with_run
from incidents.guard.runs.rows import Subject
from incidents.models import LONG, CheckDoor, User

MOST_FILES = 200


class File(Arguments):
    name: Text = Field(
        min_length=1, max_length=LONG, description="It tells what it is: unicorn.rb, compose.yaml."
    )
    text: str = Field(max_length=MOST_BYTES, description="What is in it. It is not kept.")


class Asked(Arguments):
    files: list[File] = Field(min_length=1, max_length=MOST_FILES)
    before: list[File] = Field(
        [],
        max_length=MOST_FILES,
        description="The same files as they were: the change is put beside what incidents turned.",
    )
    component: Text = Field(
        "", max_length=LONG, description="What all of it configures, where the names do not tell."
    )


class Past(BaseModel):
    reference: str
    title: str
    url: str


class Place(BaseModel):
    file: str
    line: int | None
    written: str


class Finding(BaseModel):
    kind: str
    level: str
    message: str
    name: str | None
    place: Place | None
    values: dict[str, Place]
    lesson: Past | None
    incidents: list[Past]


class NotChecked(BaseModel):
    lesson: Past
    missing: list[str]
    reasons: list[str]


class Unreadable(BaseModel):
    file: str
    line: int | None
    message: str


class Report(BaseModel):
    """`run` is the address at which the findings are kept."""

    files: list[str]
    settings: int
    held: list[Past]
    findings: list[Finding]
    not_checked: list[NotChecked]
    unreadable: list[Unreadable]
    notes: list[str]
    run: str | None


def call(asked: Asked, *, user: User, at: datetime) -> Told:
    component = asked.component.strip()
    subject = Subject(given(asked.files), given(asked.before), component=component)
    report = check_files(
        subject.files,
        user,
        before=subject.before or None,
        component=component or None,
        site=settings.SITE_URL,
        seconds=MOST_SECONDS,
    )
    door, site = CheckDoor.PROGRAM, settings.SITE_URL
    report = with_run(report, subject, door=door, by=user, at=at, site=site)
    data: dict[str, Any] = as_data(report)
    return Told(data, text.write(report))


def given(files: list[File]) -> list[Given]:
    try:
        return [Given(one.name, one.text.encode()) for one in files]
    except UnicodeEncodeError as error:
        raise CannotDo("A file holds characters that are none.") from error


TOOL = Tool(
    name="check_config",
    title="Check configuration",
    about="Check configuration files against the lessons of past incidents, before they are"
    " deployed. The files are not kept; what is found is.",
    takes=Asked,
    gives=Report.model_json_schema,
    call=call,
)
