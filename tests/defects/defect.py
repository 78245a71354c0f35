"""One thing taken away from the program that something has to miss."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Defect:
    """`text` stands once in the file; with `instead` in its place one of `tests` has to fail."""

    what: str
    path: str
    text: str
    instead: str
    tests: tuple[str, ...]
