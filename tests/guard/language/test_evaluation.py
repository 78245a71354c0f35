import pytest

from incidents.guard.language.evaluation import Answer, Verdict, evaluate
from incidents.guard.language.parsing import parse
from tests.guard.language.configurations import Settings

SHOP = Settings(
    unicorn={"timeout": 30, "grace": "30s", "memory": "512Mi"},
    web={"workers": 8, "threads": 4, "ports": [80, 443], "debug": "off", "env": {"POOL": "5"}},
    mixed={"list": [1, "x"], "nothing": None, "name": "blue"},
)


def answer(text: str) -> Verdict:
    return evaluate(parse(text), SHOP)


def test_it_works() -> None:
    verdict = answer("unicorn.timeout >= 60")

    assert verdict.answer is Answer.VIOLATED
    assert verdict.used == {"unicorn.timeout": 30}


HOLDING = [
    "unicorn.timeout < 60",
    "web.workers * web.threads == 32",
    "web.workers * 1.5 == 12",
    "-7 / 2 == -3 && 7 / -2 == -3 && -7 % 2 == -1 && 7 % -2 == 1",
    "7 / 2 == 3 && 7.0 / 2 == 3.5",
    "web.ports.all(p, p < 1000) && web.ports.exists(p, p == 443)",
    "web.ports.exists_one(p, p > 100)",
    "[].all(x, x > 1) && ![].exists(x, x > 1)",
    "443 in web.ports && !(22 in web.ports)",
    "'POOL' in web.env && web.env.all(name, name.startsWith('P'))",
    "web.env.POOL == 5 && web.env['POOL'] < 10",
    "'9' < '10' && 'a' < 'b'",
    "web.debug == false && !web.debug",
    "has(web.env) && !has(web.nothing_such)",
    "mixed.nothing == null && mixed.name != null",
    "mixed.name.matches('^b.*e$') && mixed.name.contains('lu') && mixed.name.endsWith('ue')",
    "size(mixed.name) == 4 && web.ports.size() == 2 && size('é') == 1",
    "duration(unicorn.grace) == 30 && duration(unicorn.grace) < duration('5min')",
    "duration(unicorn.timeout) == duration(unicorn.grace)",
    "quantity(unicorn.memory) == 512 * 1024 * 1024",
    "math.greatest(1, web.workers, 3) == 8 && math.least(web.ports) == 80 && math.abs(-2) == 2",
    "web.workers > 4 ? web.threads == 4 : web.threads == 8",
    "string(web.workers) + 'x' == '8x' && int(2.9) == 2 && double(1) == 1.0 && bool('yes')",
    "[1] + [2] == [1, 2] && 'a' + 'b' == 'ab'",
    "web.ports[0] == 80",
    "mixed.name.upperAscii() == 'BLUE' && 'BLUE'.lowerAscii() == mixed.name",
]


@pytest.mark.parametrize("text", HOLDING)
def test_what_holds(text: str) -> None:
    verdict = answer(text)

    assert (verdict.answer, verdict.reasons) == (Answer.HOLDS, ())


@pytest.mark.parametrize("text", HOLDING)
def test_and_its_opposite_does_not(text: str) -> None:
    assert answer(f"!({text})").answer is Answer.VIOLATED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web.nope > 1 || web.workers > 1", Answer.HOLDS),
        ("web.workers > 1 || web.nope > 1", Answer.HOLDS),
        ("web.nope > 1 && web.workers > 100", Answer.VIOLATED),
        ("web.nope > 1 && web.workers > 1", Answer.UNDECIDED),
        ("web.nope > 1 || web.workers > 100", Answer.UNDECIDED),
        ("!(web.nope > 1)", Answer.UNDECIDED),
        ("web.nope > 1 ? true : true", Answer.UNDECIDED),
        ("web.ports.all(p, p > web.nope)", Answer.UNDECIDED),
        ("web.ports.exists(p, p == 80 || p > web.nope)", Answer.HOLDS),
        ("web.ports.all(p, p > web.nope && p > 1000)", Answer.VIOLATED),
        ("has(nothing.such)", Answer.UNDECIDED),
    ],
)
def test_what_is_not_known_decides_nothing_and_hides_nothing(text: str, expected: Answer) -> None:
    verdict = answer(text)

    assert verdict.answer is expected
    assert (verdict.answer is Answer.UNDECIDED) == bool(verdict.reasons)


def test_it_says_which_values_are_missing() -> None:
    verdict = answer("web.nope + web.neither > other.thing")

    assert verdict.missing == ("web.nope", "web.neither", "other.thing")
    assert verdict.reasons[0] == "web.nope is not there"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("unicorn.grace >= 60", "“30s” is text with a unit: compare it as duration(…)"),
        ("unicorn.grace == 30", "“30s” is text with a unit"),
        ("mixed.name > 1", "“blue” is text, not a number to compare"),
        ("mixed.name == 1", "“blue” is text, not a number to compare"),
        ("mixed.list.all(x, x > 0)", "“x” is text"),
        ("web.workers", "it gives 8, which is a number: a guard compares"),
        ("web.env == 5", "a group of 1 is a group of values"),
        ("web.workers && true", "8 is a number, not true or false"),
        ("web.workers / 0 > 1", "a division by zero"),
        ("web.workers % 0 > 1", "a division by zero"),
        ("1.5 % 2 > 1", "% is for whole numbers"),
        ("web.ports[5] == 1", "a list of 2 has no item 5"),
        ("web.ports[-1] == 1", "a list of 2 has no item -1"),
        ("mixed.name.first == 'x'", "is not there"),
        ("size(web.workers) > 1", "8 is a number, which has no size"),
        ("web.workers.all(x, x > 1)", "all() goes through a list, not a number"),
        ("1 in web.workers", "“in” asks a list, not a number"),
        ("999999999999999999 + 999999999999999999 > 1", "the result is too large"),
        ("999999999999 * 999999999999 > 1", "the result is too large"),
        ("mixed.name.matches('(')", "is no pattern of RE2"),
        ("duration('soon') > 1", "“soon” is not understood as 30s or 5min would be"),
        ("duration('512Mi') > 1", "“512Mi” is not understood"),
        ("mixed.list == web.env", "a group of values is compared value by value"),
        ("string(web.ports) == ''", "a list does not become text"),
        ("math.least([]) > 1", "an empty list has no greatest and no least"),
    ],
)
def test_what_makes_no_sense_is_said(text: str, says: str) -> None:
    verdict = answer(text)

    assert verdict.answer is Answer.UNDECIDED
    assert any(says in reason for reason in verdict.reasons), verdict.reasons
