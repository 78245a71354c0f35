"""The defects of `make mutants` still fit the program: else they would test nothing."""

from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.defects.defect import Defect
from tests.defects.seeded import SEEDED

LEAST = 40


@pytest.mark.parametrize("defect", SEEDED, ids=lambda defect: defect.what)
def test_it_can_be_made(defect: Defect) -> None:
    source = (ROOT / defect.path).read_text(encoding="utf-8")

    assert source.count(defect.text) == 1
    compile(source.replace(defect.text, defect.instead), defect.path, "exec")


@pytest.mark.parametrize("defect", SEEDED, ids=lambda defect: defect.what)
def test_its_tests_are_there(defect: Defect) -> None:
    assert defect.tests
    assert [path for path in defect.tests if not Path(ROOT, path).exists()] == []


def test_there_are_many_and_each_is_another() -> None:
    assert len({(defect.path, defect.text, defect.instead) for defect in SEEDED}) == len(SEEDED)
    assert len({defect.what for defect in SEEDED}) == len(SEEDED) >= LEAST
