"""The texts of a record as blocks."""

from incidents.exports.documents import Data
from incidents.lib.prose_tree import Node, blocks_of, plain_blocks


def blocks_of_text(text: Data) -> list[Node]:
    """What was never rendered is told as it was written."""
    return in_steps(blocks_of(text["html"]) or plain_blocks(text["markdown"]))


def in_steps(found: list[Node]) -> list[Node]:
    """Headings that leave no level out, which readers of a page's structure rely on.

    Right: levels 2, 4, 3 become 1, 2, 2.
    """
    last, told = 0, []
    for block in found:
        if block["is"] == "heading":
            last = min(block["level"], last + 1)
            told.append({**block, "level": last})
        elif block["is"] == "quote":
            told.append({**block, "content": in_steps(block["content"])})
        elif block["is"] == "list":
            told.append({**block, "items": [in_steps(item) for item in block["items"]]})
        else:
            told.append(block)
    return told
