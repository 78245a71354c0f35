"""What lies on a ground can be read by day and by night (WCAG 2.2: 1.4.3, 1.4.6, 1.4.11)."""

import pytest

from incidents.styleguide.tokens import PAIRS, Theme, contrast, pairs


def test_it_works() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", Theme)
def test_enough_contrast(theme: Theme) -> None:
    found = pairs(theme)
    assert len(found) == len(PAIRS)
    assert [one for one in found if one.ratio < one.least] == []
