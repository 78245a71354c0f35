import pytest

from incidents.guard.language.parsing import DEEPEST, LONGEST, BadExpression, parse
from incidents.guard.language.tree import And, Binary, Literal, Name, Select


def test_it_works() -> None:
    root = parse("unicorn.timeout >= 60").root

    assert root == Binary(">=", Select(Name("unicorn"), "timeout"), Literal(60))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("1 + 2 * 3 == 7", "(1 + (2 * 3)) == 7"),
        ("a.b || c.d && e.f", "a.b || (c.d && e.f)"),
        ("!a.b && c.d", "(!a.b) && c.d"),
        ("a.b - c.d - e.f > 0", "((a.b - c.d) - e.f) > 0"),
        ("a.b ? c.d : e.f ? g.h : i.j", "a.b ? c.d : (e.f ? g.h : i.j)"),
        ("-a.b < 1", "(-a.b) < 1"),
        ("a.b in [1, 2,]", "a.b in [1,2]"),
        ("size(a.b) > 1 // as many as there are", "a.b.size() > 1"),
        ("r'\\d' == '\\\\d'", "'\\\\d' == '\\\\d'"),
        ("0x1F == 31", "31 == 31"),
        ("'\\u00e9\\x41\\n\\101' == 'x'", "'éA\\nA' == 'x'"),
    ],
)
def test_what_belongs_together(text: str, same: str) -> None:
    assert parse(text).root == parse(same).root


def test_many_terms_are_one_level() -> None:
    root = parse(" && ".join(["a.b"] * 250)).root

    assert isinstance(root, And)
    assert len(root.terms) == 250


def test_a_name_may_begin_like_a_word_of_the_language() -> None:
    assert parse("interval.x > 1 && truest.y && in_use.z").names == (
        "interval.x",
        "truest.y",
        "in_use.z",
    )


def test_the_names_are_what_it_reads() -> None:
    text = "web.ports.all(port, port > limits.lowest) && web['max-age'] > 1 && has(db.pool)"

    assert parse(text).names == ("web.ports", "limits.lowest", "web.max-age", "db.pool")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write what must be true"),
        ("   ", "Write what must be true"),
        ("a.b = 1", "Column 5: One = is no comparison: write ==."),
        ("a.b & c.d", "Write && for and."),
        ("a.b | c.d", "Write || for or."),
        ("a.b == 'x", "Column 8: The text that begins here has no closing quote."),
        ("(a.b == 1", "It ends too early"),
        ("a.b ==", "Column 7: It ends too early"),
        ("a.b == 1 1", "Column 10: “1” is not expected here."),
        ("a.b > 1;", "Column 8: ';' has no meaning here."),
        ("a.b > 1 &&\nc.d > > 2", "Line 2, column 7: “>” is not expected here."),
        ("open('x')", "open is no function of a guard. There are: "),
        ("a.__class__()", "__class__ is no function"),
        ("[1].map(x, x) == [1]", "map is no function"),
        ("size(a.b, c.d) > 1", "size takes 1, not 2."),
        ("math.greatest() > 1", "math.greatest takes 1 or more, not 0."),
        ("has(a)", "has asks for one name with a dot"),
        ("a.all(1, true)", "all asks for a name and a condition"),
        ("import == 1", "“import” is a reserved word."),
        ("a.b > 1000000000000000001", "is too large: numbers go to 10^18."),
        ("a.b > 1e19", "is too large"),
        ("a.b == '\\q'", "\\q, which means nothing"),
        ("a.b == '\\ud800'", "names a character that does not exist"),
        ("a.b == '\\U00110000'", "names a character that does not exist"),
        ("\x00", "has no meaning here"),
        ("x" * (LONGEST + 1), "2,001 characters; 2,000 are the most"),
    ],
)
def test_what_it_refuses_and_says(text: str, says: str) -> None:
    with pytest.raises(BadExpression) as caught:
        parse(text)

    assert says in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".b" * DEEPEST,
        "!" * DEEPEST + "a",
        "-" * DEEPEST + "a.b > 1",
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "1" + " + 1" * DEEPEST + " > 1",
        "true ? true : " * DEEPEST + "true",
        "a" + "[0]" * 600,
    ],
)
def test_it_is_not_nested_without_end(text: str) -> None:
    with pytest.raises(BadExpression, match="nested too deeply"):
        parse(text)


def test_brackets_alone_are_no_level() -> None:
    assert parse("(" * 900 + "a.b" + ")" * 900).names == ("a.b",)
