"""Times of many, said in two numbers, and a table of them."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """Milliseconds: half of the times are below `p50`, nineteen of twenty below `p95`."""

    p50: float
    p95: float
    count: int


def figures_of(seconds: Sequence[float]) -> Figures:
    """Raises `ValueError` for no times at all."""
    if not seconds:
        raise ValueError("Nothing was measured.")
    ordered = sorted(seconds)
    return Figures(p50=at(ordered, 0.50), p95=at(ordered, 0.95), count=len(ordered))


def at(ordered: Sequence[float], share: float) -> float:
    """The nearest rank: a time that was really measured."""
    place = max(0, -int(-share * len(ordered) // 1) - 1)
    return 1000 * ordered[place]


@dataclass(frozen=True)
class Line:
    """A figure beside its limit; without a limit it is there to compare with."""

    what: str
    value: str
    limit: str = ""
    is_met: bool = True

    def __str__(self) -> str:
        verdict = "" if not self.limit else "met" if self.is_met else "MISSED"
        return f"  {self.what:<46} {self.value:>22}   {self.limit:<26} {verdict}".rstrip()


def milliseconds(figures: Figures) -> str:
    return f"{figures.p50:8.1f} / {figures.p95:8.1f}"


def held(what: str, value: float, most: float, unit: str) -> Line:
    return Line(what, f"{value:.1f} {unit}", f"at most {most:.1f} {unit}", value <= most)


def reached(what: str, value: float, least: float, unit: str) -> Line:
    return Line(what, f"{value:.1f} {unit}", f"at least {least:.0f} {unit}", value >= least)


def machine() -> str:
    """On what it was measured."""
    return f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
