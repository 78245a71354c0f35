import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.configuration import Value
from tests.guard.readers.reading import refusal, rows, values

PACKAGE = """\
{
  "name": "orders",
  "engines": {"node": ">=18", "npm": null},
  "hosts": ["a",
            "b\\n\\"c"],
  "pools": [{"size": 5}, {"size": 1e1}],
  "debug": false, "empty": {}
}
"""
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
# Without the colon: a key with one in front is Ruby's symbol in YAML.
NAMES = st.text('aé "\\/.-#', max_size=3)
NUMBERS = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
TREES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
TABLES = st.dictionaries(NAMES, TREES, max_size=4)


def flat(tree: object, path: str = "") -> dict[str, Value]:
    """What a tree comes to, said in another way than the readers do."""
    if isinstance(tree, dict):
        pairs = list(tree.items())
    elif isinstance(tree, list) and not (
        path and not any(isinstance(each, list | dict) for each in tree)
    ):
        pairs = [(str(number), each) for number, each in enumerate(tree)]
    else:
        return {path[1:]: tree} if path else {}
    found = {}
    for key, inner in pairs:
        found |= flat(inner, f"{path}.{key}")
    return found


def test_it_works() -> None:
    assert rows("package.json", PACKAGE) == [
        (2, "name", "orders"),
        (3, "engines.node", ">=18"),
        (3, "engines.npm", None),
        (4, "hosts", ["a", 'b\n"c']),
        (6, "pools.0.size", 5),
        (6, "pools.1.size", 10.0),
        (7, "debug", False),
    ]


@given(
    st.dictionaries(st.text('abc.é"\\/', max_size=3), TREES, max_size=4), st.sampled_from([None, 1])
)
def test_it_agrees_with_the_standard_library(tree: dict[str, object], indent: int | None) -> None:
    text = json.dumps(tree, indent=indent)

    assert values("a.json", text) == flat(json.loads(text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": 1,\n}', "a.json:2: It is not JSON: Expecting property name"),
        ('{"a": 1}\n}', "a.json:2: It is not JSON: Extra data"),
        ('{"a": NaN}', "a.json: It is not JSON: NaN is not a number of JSON."),
        ('{"a": ' + "1" * 5_000 + "}", "a.json: It is not JSON: Exceeds the limit"),
        ("[" * 100_000, "a.json: It is nested more than 50 deep."),
        ("[" * 60 + "]" * 60, "a.json:1: It is nested more than 50 deep."),
        ("[" + "1," * 100_000 + "1]", "a.json:1: It holds, or stands for, more than 100,000"),
    ],
)
def test_what_is_not_json_is_refused(text: str, why: str) -> None:
    assert refusal("a.json", text).startswith(why)
