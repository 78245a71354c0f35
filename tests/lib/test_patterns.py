"""Patterns that people write are compiled, or refused with a reason."""

import pytest
import re2

from incidents.lib.patterns import compiled, reason


def test_it_works() -> None:
    assert compiled("Kube.*").fullmatch("KubePodCrashLooping")
    assert not compiled("Kube.*").fullmatch("kubepod")


def test_case_can_be_ignored() -> None:
    assert compiled("Kube.*", ignores_case=True).fullmatch("kubepod")


def test_what_is_no_pattern_is_refused_with_a_reason() -> None:
    with pytest.raises(re2.error) as refused:
        compiled("(a")
    assert reason(refused.value) == "missing ): (a"


def test_a_pattern_that_takes_too_much_memory_is_refused() -> None:
    compiled("(a{100}){9}")
    with pytest.raises(re2.error) as refused:
        compiled("(a{100}){9}", most_memory=4096)
    assert "too large" in reason(refused.value)
