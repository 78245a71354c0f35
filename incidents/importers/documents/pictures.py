"""The pictures and files that a written postmortem shows or links to."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from incidents.importers.found import FoundIncident
from incidents.importers.trees.links import Around, missing_of, with_attached, with_targets

_TEXTS = (".md", ".markdown", ".mdown", ".txt", ".html", ".htm", ".xhtml", "/")


def with_files(
    name: str, text: str, beside: Mapping[str, str], read: Callable[[str], FoundIncident]
) -> FoundIncident:
    """What `read` makes of the text, with the files that lie beside it. Links to other texts stay:
    which record each becomes is not known yet."""
    folded = {path.casefold(): path for path in beside}
    around = Around(page=name, pages={}, beside=beside, folded=folded)
    found = read(with_targets(text, around.target))
    missing = [each for each in around.missing if is_file(each)]
    return replace(found, files=around.found_files, missing=missing_of(missing))


def is_file(target: str) -> bool:
    """Right: "img/a.png". Wrong: "other.md#top", "/wiki/other"."""
    path = target.partition("#")[0].partition("?")[0].lower()
    return "." in path.rpartition("/")[2] and not path.endswith(_TEXTS)


def resolved(found: FoundIncident, addresses: Mapping[str, str]) -> FoundIncident:
    """With the addresses of its files in its texts."""
    if not found.files:
        return found

    def text(written: str) -> str:
        return with_attached(written, addresses)

    return replace(
        found,
        texts={name: text(written) for name, written in found.texts.items()},
        events=tuple(replace(each, text=text(each.text)) for each in found.events),
        factors=tuple(replace(each, how=text(each.how)) for each in found.factors),
        deltas=tuple(replace(each, sentence=text(each.sentence)) for each in found.deltas),
        actions=tuple(
            replace(each, body=text(each.body), evidence=text(each.evidence))
            for each in found.actions
        ),
    )
