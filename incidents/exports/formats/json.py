"""JSON, for programs: a document as `schema.json` describes it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from incidents.exports.documents import without_html
from incidents.exports.packs import Pack
from incidents.exports.typesetting import never

SCHEMA = Path(__file__).parent / "incident.schema.json"


def write(pack: Pack, path: Path, _check: Callable[[], None] = never) -> None:
    (document,) = pack.documents
    told: dict[str, Any] = {"schema": schema_id(), "incident": without_html(document.data)}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def schema_id() -> str:
    found: str = json.loads(SCHEMA.read_text(encoding="utf-8"))["$id"]
    return found
