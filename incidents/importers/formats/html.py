"""Postmortems as web pages, as wikis write them: made Markdown, and read as such."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from bs4.exceptions import ParserRejectedMarkup
from markdownify import ATX, MarkdownConverter

from incidents.importers.documents.files import Written, texts_in
from incidents.importers.documents.pictures import with_files
from incidents.importers.documents.reading import read_document
from incidents.importers.documents.times import day_named
from incidents.importers.found import Found, FoundIncident, FoundUnread
from incidents.importers.trees.files import beside

ENDINGS = (".html", ".htm", ".xhtml")
NO_WORDS = ("script", "style", "template", "head")
AROUND = ("nav", "footer")
"""What stands on each page of a site: kept at the end, so that no title is taken from it."""
TOO_DEEP = "Its elements are nested too deeply to be read."

AROUND_IN_CONFLUENCE = "#breadcrumb-section, .page-metadata, #footer"
CONFLUENCE_TASK = "ul.inline-task-list > li"
LINES = (
    *("summary", "legend", "option", "address", "center", "fieldset", "menu", "button", "label"),
    *("header", "aside", "figure", "caption", "main", "hgroup", "dialog", "form", "details"),
)
"""Elements that begin a line of their own, of which the library knows nothing."""


def read(path: Path) -> Iterator[Found]:
    files = beside(path, ENDINGS)
    for each in texts_in(path, ENDINGS):
        yield each if isinstance(each, FoundUnread) else read_page(each, files)


def read_page(page: Written, files: Mapping[str, str]) -> Found:
    try:
        title, text = as_markdown(page.text)
    except (ParserRejectedMarkup, RecursionError):
        return FoundUnread(where=page.name, why=TOO_DEEP)
    if not text.strip():
        return FoundUnread(where=page.name, why="There are no words in it.")

    def read_body(body: str) -> FoundIncident:
        return read_document(
            body,
            key=f"file:{page.name}",
            where=page.name,
            name=title or page.title,
            day=day_named(page.name) or day_named(title),
        )

    try:
        return with_files(page.name, text, files, read_body)
    except RecursionError:
        return FoundUnread(where=page.name, why=TOO_DEEP)


def as_markdown(html: str) -> tuple[str, str]:
    """What the page calls itself, and its text. Raises `RecursionError` for one that is nested
    hundreds deep."""
    soup = BeautifulSoup(html, "html.parser")
    title = name_in_confluence(soup) or words_of(soup.title)
    for tag in soup.find_all(NO_WORDS):
        tag.extract()
    for box in soup.find_all("input", type="checkbox"):
        box.replace_with("[x] " if box.has_attr("checked") else "[ ] ")
    for task in soup.select(CONFLUENCE_TASK):
        begin_with_words(task)
        task.insert(0, "[x] " if "checked" in task.get_attribute_list("class") else "[ ] ")
    around = [tag.extract() for tag in (*soup.find_all(AROUND), *soup.select(AROUND_IN_CONFLUENCE))]
    for tag in soup.find_all(LINES):
        tag.name = "div"
    for cell in soup.find_all(("td", "th")):
        for words in cell.find_all(string=True):
            # Between two cells of Markdown stands a line as well.
            words.replace_with(NavigableString(words.replace("|", "\\|")))
    # Marks in the text stay as they are: names of settings are full of them.
    converter = MarkdownConverter(
        heading_style=ATX, bullets="-", escape_asterisks=False, escape_underscores=False
    )
    text = converter.convert_soup(soup)
    rest = "\n\n".join(filter(None, (converter.convert_soup(tag).strip() for tag in around)))
    return title, f"{text}\n\n## Around the text\n\n{rest}" if rest else text


def begin_with_words(tag: Tag) -> None:
    """Else what is put before them would stand on a line of its own."""
    while tag.contents and isinstance(tag.contents[0], NavigableString):
        if tag.contents[0].strip():
            return
        tag.contents[0].extract()


def name_in_confluence(soup: BeautifulSoup) -> str:
    """What an exported page is called, without its space; its heading then says so, too.

    Right: “Checkout outage” for “Operations : Checkout outage” below a link to “Operations”.
    """
    heading = soup.find(id="title-text")
    title, space = words_of(heading), words_of(soup.select_one("#breadcrumbs a"))
    if heading is None or not space or not title.startswith(f"{space} : "):
        return ""
    name = title.removeprefix(f"{space} : ")
    heading.string = name
    return name


def words_of(tag: Tag | None) -> str:
    return " ".join(tag.get_text().split()) if tag else ""
