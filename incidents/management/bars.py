"""How far a command is, for whoever waits at a terminal."""

import sys
from types import TracebackType
from typing import Any, Self

WIDTH = 30
STEPS = 200
"""So often the bar is drawn, and not with each row."""


class Bar:
    """A bar on a terminal; elsewhere nothing. `then` is what follows after the last."""

    def __init__(self, stream: Any, what: str, *, then: str = "") -> None:
        self.stream, self.what, self.then = stream, what, then
        self.is_terminal = sys.stderr.isatty()
        self.drawn = -1

    def __call__(self, done: int, total: int) -> None:
        step = STEPS * done // (total or 1)
        if not self.is_terminal or step == self.drawn:
            return
        self.drawn = step
        filled = min(WIDTH, WIDTH * done // (total or 1))
        bar = "#" * filled + "." * (WIDTH - filled)
        what = self.what if done < total else f"{self.what}{self.then}"
        self.stream.write(f"\r[{bar}] {done:,} of {total:,} {what}", ending="")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.is_terminal:
            self.stream.write("")


class Stages:
    """A bar for each thing that is done one after the other."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.bar: Bar | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        if self.bar is None or self.bar.what != what:
            self.end()
            self.bar = Bar(self.stream, what)
        self.bar(done, total)

    def end(self) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
