"""JSON, for programs: one incident or a review, as the schemas beside this file say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from incidents.exports.documents import without_html
from incidents.exports.packs import Broken, Pack
from incidents.exports.typesetting import never
from incidents.review.figure import to_json

FOLDER = Path(__file__).parent
INCIDENT, REVIEW = "incident.schema.json", "review.schema.json"


def write(pack: Pack, path: Path, _check: Callable[[], None] = never) -> None:
    with path.open("w", encoding="utf-8") as file:
        if pack.period is None:
            (document,) = pack.documents()
            if isinstance(document, Broken):
                raise TypeError(document.why)
            told = {"schema": id_of(INCIDENT), "incident": without_html(document.data)}
            file.write(f"{as_text(told)}\n")
            return
        # A few records in memory at once: the list is written as it comes.
        head = as_text(head_of(pack))
        file.write(f'{head.rstrip("}").rstrip()},\n "incidents": [')
        broken, between = [], "\n"
        for document in pack.documents():
            if isinstance(document, Broken):
                broken.append({"reference": document.reference, "why": document.why})
                continue
            file.write(f"{between}{as_text(without_html(document.data))}")
            between = ",\n"
        file.write(f'\n],\n "not_told": {as_text(broken)}\n}}\n')


def head_of(pack: Pack) -> dict[str, Any]:
    period = pack.period
    if period is None:
        raise TypeError("A review has a period.")
    return {
        "schema": id_of(REVIEW),
        "title": pack.title,
        "period": {
            "key": period.key,
            "starts": period.starts.isoformat(),
            "ends": period.ends.isoformat(),
        },
        "as_of": pack.as_of.isoformat(),
        "restricted": pack.restricted,
        "figures": [to_json(figure) for figure in pack.figures],
    }


def as_text(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1)


def id_of(schema: str) -> str:
    found: str = json.loads((FOLDER / schema).read_text(encoding="utf-8"))["$id"]
    return found
