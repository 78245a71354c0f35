"""The formats that incidents can be brought in from: one file each, which knows no table.

Each reader takes a file or a folder and gives what it holds, record by record. It never raises:
what it cannot read is a `FoundUnread` with a sentence.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext, gettext_lazy

from incidents.importers.columns import Column
from incidents.importers.formats import (
    collections,
    csv,
    dispatch,
    github,
    gitlab,
    html,
    jira,
    markdown,
    morgue,
    response,
    runbooks,
    xlsx,
)
from incidents.importers.found import Found
from incidents.lib.unpacking import CannotUnpack, unpacked
from incidents.lib.words.translated import Translated


def anything(_path: Path) -> bool:
    """For a format whose ending says enough."""
    return True


def nothing(_path: Path) -> bool:
    """For a format of single files."""
    return False


@dataclass(frozen=True, kw_only=True)
class Format:
    name: str
    title: Translated
    endings: tuple[str, ...]
    """With the dot, in small letters: ".json"."""
    teaches: Translated
    """How somebody gets such a file out of their old home, in a sentence."""
    read: Callable[[Path], Iterator[Found]]
    fits: Callable[[Path], bool] = anything
    """Whether a file with such an ending looks like it; never raises."""
    columns: Callable[[Path], tuple[Column, ...]] | None = None
    """Of a table: its columns, as they are guessed. `read` takes what they are as `mapping` then,
    and this raises `NoTable`."""
    in_archives: bool = False
    """Whether it reads zip archives of such files."""
    arranged: Callable[[Path], bool] = nothing
    """Whether a folder or an archive as a whole looks like it; never raises."""


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format(
            name="collections",
            title=gettext_lazy("Public collection (Markdown)"),
            endings=collections.ENDINGS,
            teaches=gettext_lazy(
                "A folder of Markdown files whose heads name an address (url) and a company, as "
                "in github.com/icco/postmortems: its folder data."
            ),
            read=collections.read,
            fits=collections.fits,
        ),
        Format(
            name="markdown",
            title="Markdown",
            endings=markdown.ENDINGS,
            teaches=gettext_lazy(
                "Texts with headings, as from a repository or a wiki: a file, several, or a zip "
                "archive of a folder."
            ),
            read=markdown.read,
            in_archives=True,
        ),
        Format(
            name="runbooks",
            title=gettext_lazy("Runbooks (MkDocs, Hugo, Markdown)"),
            endings=runbooks.ENDINGS,
            teaches=gettext_lazy(
                "A folder of runbooks, packed as a zip archive with its mkdocs.yml or hugo.toml "
                "where it has one, and with the pictures that it shows."
            ),
            read=runbooks.read,
            fits=nothing,
            in_archives=True,
            arranged=runbooks.arranged,
        ),
        Format(
            name="html",
            title=gettext_lazy("Web pages (HTML)"),
            endings=html.ENDINGS,
            teaches=gettext_lazy(
                "Pages as a wiki exports them: a page, several, or a zip archive of a folder."
            ),
            read=html.read,
            in_archives=True,
        ),
        Format(
            name="jira",
            title=gettext_lazy("Jira issues (JSON)"),
            endings=jira.ENDINGS,
            teaches=gettext_lazy(
                "What Jira's search answers at "
                "/rest/api/2/search?jql=…&fields=*all&expand=names, saved as JSON."
            ),
            read=jira.read,
            fits=jira.fits,
        ),
        Format(
            name="gitlab",
            title=gettext_lazy("GitLab issues (JSON)"),
            endings=gitlab.ENDINGS,
            teaches=gettext_lazy(
                "What the API answers at /api/v4/projects/…/issues, saved as JSON, or "
                "tree/project/issues.ndjson of a project's export."
            ),
            read=gitlab.read,
            fits=gitlab.fits,
        ),
        Format(
            name="github",
            title=gettext_lazy("GitHub issues (JSON)"),
            endings=github.ENDINGS,
            teaches=gettext_lazy(
                "gh issue list --state all --limit 1000 --json "
                "number,title,body,url,labels,author,assignees,comments,createdAt,closedAt,state "
                "> issues.json, or what the API answers at /repos/…/issues."
            ),
            read=github.read,
            fits=github.fits,
        ),
        Format(
            name="morgue",
            title=gettext_lazy("Morgue (MySQL dump)"),
            endings=morgue.ENDINGS,
            teaches=gettext_lazy(
                "mysqldump --hex-blob --default-character-set=utf8mb4 of the database, into a "
                "file that ends in .sql."
            ),
            read=morgue.read,
            fits=morgue.fits,
        ),
        Format(
            name="dispatch",
            title=gettext_lazy("Dispatch (JSON or PostgreSQL dump)"),
            endings=dispatch.ENDINGS,
            teaches=gettext_lazy(
                "What Dispatch answers at /api/v1/…/incidents?itemsPerPage=-1, saved as JSON; or "
                "pg_dump --format=plain of its database, into a file that ends in .sql."
            ),
            read=dispatch.read,
            fits=dispatch.fits,
        ),
        Format(
            name="response",
            title=gettext_lazy("Response (JSON or PostgreSQL dump)"),
            endings=response.ENDINGS,
            teaches=gettext_lazy(
                "manage.py dumpdata response > response.json; or pg_dump --format=plain of its "
                "database, into a file that ends in .sql."
            ),
            read=response.read,
            fits=response.fits,
        ),
        Format(
            name="csv",
            title=gettext_lazy("Table (CSV)"),
            endings=csv.ENDINGS,
            teaches=gettext_lazy(
                "A table with a row for each incident, saved as CSV. The first row names the "
                "columns; what each one is can be corrected."
            ),
            read=csv.read,
            columns=csv.columns,
        ),
        Format(
            name="xlsx",
            title=gettext_lazy("Spreadsheet (XLSX)"),
            endings=xlsx.ENDINGS,
            teaches=gettext_lazy(
                "A spreadsheet with a row for each incident, from Excel, LibreOffice or Google "
                "Sheets. The first row names the columns; what each one is can be corrected."
            ),
            read=xlsx.read,
            columns=xlsx.columns,
        ),
    )
}
"""By name. Of formats with the same ending, the more particular stands first: `guess` takes the
first that fits."""


class UnknownFormat(ValueError):
    """The message says what can be read, for whoever chose the file."""


def format_named(name: str, formats: Mapping[str, Format] = FORMATS) -> Format:
    """Raises `UnknownFormat`."""
    try:
        return formats[name]
    except KeyError:
        known = ", ".join(formats)
        raise UnknownFormat(
            gettext("There is no format %(name)s. There are: %(known)s.")
            % {"name": name, "known": known}
        ) from None


def guess(path: Path, formats: Mapping[str, Format] = FORMATS) -> Format:
    """The format of a file by its ending and its beginning, of a folder by what is in it.

    Raises `UnknownFormat`.
    """
    for each in formats.values():
        if each.arranged(path):
            return each
    files = sorted(filter(Path.is_file, path.rglob("*"))) if path.is_dir() else [path]
    for file in files:
        for each in formats.values():
            if file.name.lower().endswith(each.endings) and each.fits(file):
                return each
    if path.suffix.lower() == ".zip" and (found := guess_archive(path, formats)):
        return found
    raise UnknownFormat(
        gettext(
            "What %(path_name)s is cannot be told from its name and its beginning. Say its "
            "format: %(join)s."
        )
        % {"path_name": path.name, "join": ", ".join(formats)}
    )


def guess_archive(path: Path, formats: Mapping[str, Format]) -> Format | None:
    """By the first file in it that some format has. Raises `UnknownFormat`."""
    try:
        for file in unpacked(path):
            for each in formats.values():
                if each.in_archives and file.name.lower().endswith(each.endings):
                    return each
    except (CannotUnpack, OSError) as refusal:
        raise UnknownFormat(str(refusal)) from refusal
    return None
