"""For how long files wait to be fetched."""

from datetime import datetime

from incidents.exports import files
from incidents.models import Export


def forget_exports(*, at: datetime) -> int:
    """What was kept for long enough, with its file; how many those were."""
    over = Export.objects.filter(expires_at__lte=at)
    names = [name for name in over.values_list("file", flat=True) if name]
    count, _ = over.delete()
    for name in names:
        files.remove(name)
    files.remove_abandoned(set(Export.objects.exclude(file="").values_list("file", flat=True)))
    return count
