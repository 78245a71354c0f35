"""Tags: words to find records by."""

from collections.abc import Iterable

from incidents.models import Tag


def tags_named(names: Iterable[str | Tag]) -> list[Tag]:
    """The tags of these names, made where there are none yet; lower case, once each."""
    wanted = {(name.name if isinstance(name, Tag) else name).strip().lower() for name in names}
    return [Tag.objects.get_or_create(name=name)[0] for name in sorted(wanted) if name]
