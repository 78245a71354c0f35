"""Postmortems as web pages, as wikis write them: made Markdown, and read as such."""

from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString
from bs4.exceptions import ParserRejectedMarkup
from markdownify import ATX, MarkdownConverter

from incidents.importers.documents.files import Written, texts_in
from incidents.importers.documents.reading import read_document
from incidents.importers.documents.times import day_named
from incidents.importers.found import Found, FoundUnread

ENDINGS = (".html", ".htm", ".xhtml")
NO_WORDS = ("script", "style", "template", "head")
AROUND = ("nav", "footer")
"""What stands on each page of a site: kept at the end, so that no title is taken from it."""
TOO_DEEP = "Its elements are nested too deeply to be read."


LINES = (
    *("summary", "legend", "option", "address", "center", "fieldset", "menu", "button", "label"),
    *("header", "aside", "figure", "caption", "main", "hgroup", "dialog", "form", "details"),
)
"""Elements that begin a line of their own, of which the library knows nothing."""


def read(path: Path) -> Iterator[Found]:
    for each in texts_in(path, ENDINGS):
        yield each if isinstance(each, FoundUnread) else read_page(each)


def read_page(page: Written) -> Found:
    try:
        title, text = as_markdown(page.text)
    except (ParserRejectedMarkup, RecursionError):
        return FoundUnread(where=page.name, why=TOO_DEEP)
    if not text.strip():
        return FoundUnread(where=page.name, why="There are no words in it.")
    try:
        return read_document(
            text,
            key=f"file:{page.name}",
            where=page.name,
            name=title or page.title,
            day=day_named(page.name),
        )
    except RecursionError:
        return FoundUnread(where=page.name, why=TOO_DEEP)


def as_markdown(html: str) -> tuple[str, str]:
    """What the page calls itself, and its text. Raises `RecursionError` for one that is nested
    hundreds deep."""
    soup = BeautifulSoup(html, "html.parser")
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    for tag in soup.find_all(NO_WORDS):
        tag.extract()
    for box in soup.find_all("input", type="checkbox"):
        box.replace_with("[x] " if box.has_attr("checked") else "[ ] ")
    around = [tag.extract() for tag in soup.find_all(AROUND)]
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
