"""What one file is made of, whatever its format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.exports.documents import Document


@dataclass(frozen=True)
class Pack:
    """`as_of` is when the last of it was changed: the same records give the same file."""

    title: str
    foot: str
    as_of: datetime
    documents: Sequence[Document]
