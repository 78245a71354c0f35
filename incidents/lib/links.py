"""Links that people write, one on a line: what it is, then its address."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext

MOST_LINKS = 20
LONGEST_ADDRESS = 2_000
WITH_HOST = frozenset({"http", "https"})
SCHEMES = WITH_HOST | {"mailto", "tel"}


class Link(NamedTuple):
    label: str
    address: str


class UnreadableLinks(ValueError):
    """Each of `sentences` says which line, and why."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


def read_links(text: str) -> list[Link]:
    """Right: "Error rate https://grafana.example/d/1", and an address alone, which is then called
    by its host. Wrong: "javascript:alert(1)", "grafana.example". Raises `UnreadableLinks`.
    """
    links, refused = [], []
    for number, line in lines_of(text):
        link = link_in(line)
        if reason := what_is_wrong_with(link):
            refused.append(
                gettext("Line %(number)s: %(reason)s") % {"number": number, "reason": reason}
            )
        links.append(link)
    if len(links) > MOST_LINKS:
        refused.append(
            gettext("These are %(links)s links; %(MOST_LINKS)s are the most.")
            % {"links": len(links), "MOST_LINKS": MOST_LINKS}
        )
    if refused:
        raise UnreadableLinks(refused)
    return links


def readable_links(text: str) -> list[Link]:
    """Those that may be shown: whatever was written past the form is left out."""
    links = [link_in(line) for _, line in lines_of(text)]
    return [link for link in links if not what_is_wrong_with(link)]


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    return ((at, line.strip()) for at, line in enumerate(text.splitlines(), 1) if line.strip())


def link_in(line: str) -> Link:
    *words, address = line.split()
    return Link(" ".join(words) or host_of(address) or address, address)


def host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def what_is_wrong_with(link: Link) -> str:
    """A sentence, or nothing."""
    address = link.address
    scheme = address.partition(":")[0].lower()
    if scheme not in SCHEMES or ":" not in address:
        return gettext(
            "“%(address)s” is no address that begins with https://, http://, mailto: or tel:."
        ) % {"address": address[:80]}
    if scheme in WITH_HOST and not ("://" in address and host_of(address)):
        return gettext("“%(address)s” names no host.") % {"address": address[:80]}
    if len(address) > LONGEST_ADDRESS:
        return gettext("The address is longer than %(LONGEST_ADDRESS)s characters.") % {
            "LONGEST_ADDRESS": f"{LONGEST_ADDRESS:,}"
        }
    if not address.isprintable():
        return gettext("The address has signs in it that cannot be seen.")
    return ""
