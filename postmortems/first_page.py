"""What a process of the web server loads before somebody waits for its first page."""

from collections.abc import Iterator

from django.conf import settings
from django.template import Context, Engine
from django.template.base import NodeList
from django.template.library import SimpleNode
from django.urls import resolve
from heroicons.templatetags.heroicons import heroicon_outline

from incidents.records.parts.kinds import KINDS
from incidents.templatetags.navigation import SECTIONS

ICONS = "heroicons.templatetags.heroicons"


def load_pages() -> None:
    """Every address, every template, and every icon that a template names.

    Each icon is in an archive with a thousand others, whose list is read anew for each: the thirty
    of one page took longer than the rest of it.
    """
    resolve("/")
    engine = Engine.get_default()
    for name in templates():
        for icon in icons_of(engine.get_template(name).nodelist):
            icon.render(Context())
    for named in {*(one.icon for one in SECTIONS), *(one.icon for one in KINDS.values())}:
        heroicon_outline(named)


def templates() -> Iterator[str]:
    """The names of the site's own."""
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(folder.rglob("*.html")):
            yield str(path.relative_to(folder))


def icons_of(nodes: NodeList) -> Iterator[SimpleNode]:
    """Those that stand there by name, not by a variable."""
    for node in nodes.get_nodes_by_type(SimpleNode):
        if not isinstance(node, SimpleNode) or node.func.__module__ != ICONS:
            continue
        if all(isinstance(argument.var, str) for argument in node.args):
            yield node
