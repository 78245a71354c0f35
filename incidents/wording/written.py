"""What of a Markdown text its writer says, and not a program or somebody who is quoted."""

import re2

CODE = re2.compile(r"``[^`]*``|`[^`\n]*`")
FENCES = ("```", "~~~")


def own_words(text: str) -> str:
    """The text on one line, without code, quotations and emphasis, with straight apostrophes.

    Right to look at: a paragraph. Not: a log line in a fence, `failed to bind`, `> he should have`.
    """
    lines = []
    fence = ""
    for line in text.replace("’", "'").split("\n"):
        start = line.lstrip()
        mark = start[:3]
        if fence:
            lines.append("")
            if mark == fence:
                fence = ""
        elif mark in FENCES and "`" not in start[3:].lstrip("`"):
            fence = mark
            lines.append("")
        else:
            lines.append("" if start.startswith(">") else line)
    said = CODE.sub(" ", "\n".join(lines)).replace("*", "")
    # A phrase may be broken over two lines.
    return " ".join(said.split())
