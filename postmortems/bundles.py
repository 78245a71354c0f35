"""One style sheet and two scripts for every page, put together from small files.

They are static files as any other: found, collected, hashed and compressed by what does that with
all of them. While DEBUG is on they are as new as their pieces each time that they are asked for.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.utils import matches_patterns
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

# In order: of two rules of equal weight the later one holds. A new style sheet needs a line here.
SHEETS = (
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/components/contents.css",
    "css/components/advice.css",
    "css/components/attachments.css",
    "css/components/badge.css",
    "css/components/breadcrumbs.css",
    "css/components/bulk.css",
    "css/components/burn-up.css",
    "css/components/button.css",
    "css/components/card.css",
    "css/components/course.css",
    "css/components/definition-list.css",
    "css/components/dialog.css",
    "css/components/diff.css",
    "css/components/empty.css",
    "css/components/entrance.css",
    "css/components/export.css",
    "css/components/facets.css",
    "css/components/field.css",
    "css/components/guard.css",
    "css/components/inbox.css",
    "css/components/lookup.css",
    "css/components/menu.css",
    "css/components/message.css",
    "css/components/offline.css",
    "css/components/pagination.css",
    "css/components/palette.css",
    "css/components/pasted.css",
    "css/components/people.css",
    "css/components/phases.css",
    "css/components/progress.css",
    "css/components/prose.css",
    "css/components/reading.css",
    "css/components/review.css",
    "css/components/search.css",
    "css/components/steps.css",
    "css/components/styleguide.css",
    "css/components/table.css",
    "css/components/tabs.css",
    "css/components/timeline.css",
    "css/components/waiting.css",
)
# Of these a page waits: they stand in its head, before what is painted and before what uses them.
EARLY = ("js/theme-early.js", "js/translated.js")
# In order: of two that hear the same key the earlier one is asked first.
SCRIPTS = (
    "django_htmx/htmx-2.min.js",
    "js/theme.js",
    "js/keys.js",
    "js/menu.js",
    "js/unsaved.js",
    "js/submit-once.js",
    "js/waiting.js",
    "js/htmx-focus.js",
    "js/escape-cancels.js",
    "js/messages.js",
    "js/suggestions.js",
    "js/palette.js",
    "js/offline/store.js",
    "js/offline/keep.js",
)
BUNDLES = {"css/site.css": SHEETS, "js/early.js": EARLY, "js/site.js": SCRIPTS}
BEGINS = {"css/site.css": "", "js/early.js": '"use strict";\n', "js/site.js": '"use strict";\n'}
"""What holds for a script alone holds for the bundle only from its first line."""


class BundleFinder(finders.BaseFinder):
    """Finds what is put together, as the other finders find what is written."""

    def check(self, **_: Any) -> list[Any]:
        return []

    def find(self, path: str, **options: Any) -> Any:  # type: ignore[override]  # both its forms
        if path not in BUNDLES:
            return []
        found = str(made(path))
        return [found] if options.get("find_all") else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in BUNDLES:
            if not matches_patterns(name, ignore_patterns):
                made(name)
                yield name, FileSystemStorage(location=folder())


def folder() -> Path:
    return Path(settings.VAR_DIR) / "bundles"


def made(name: str) -> Path:
    """Where the bundle stands, as new as its pieces."""
    path, text = folder() / name, text_of(name)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write(path, text)
    return path


def text_of(name: str) -> str:
    """Raises `ImproperlyConfigured` for a piece that is not there."""
    return BEGINS[name] + "".join(map(piece, BUNDLES[name]))


def piece(name: str) -> str:
    found = finders.find(name)
    if not found:
        raise ImproperlyConfigured(f"The static file {name} is not there.")
    return f"/* {name} */\n{Path(found).read_text(encoding='utf-8')}\n"


def write(path: Path, text: str) -> None:
    """All of it or nothing: others may read it meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
    whole = Path(file.name)
    whole.chmod(0o644)
    whole.replace(path)
