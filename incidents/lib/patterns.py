"""Patterns in RE2's syntax, which take time linear in the text, whatever somebody has written."""

from typing import Any

import re2


def compiled(pattern: str, *, most_memory: int | None = None, ignores_case: bool = False) -> Any:
    """`most_memory` in bytes; None is RE2's own limit of 8 MB.

    Raises `re2.error` for what is no pattern, or one that would take more.
    """
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignores_case
    if most_memory is not None:
        options.max_mem = most_memory
    return re2.compile(pattern, options=options)


def reason(error: re2.error) -> str:
    """Why it is no pattern; RE2 says it in bytes."""
    said = error.args[0]
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
