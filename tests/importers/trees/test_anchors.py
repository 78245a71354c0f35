"""Links to headings find them under the names that they have here."""

import pytest

from incidents.importers.trees.anchors import anchors_of

BODY = """# One `two`

## Don't panic!

```
# no heading
```

## Again

## Again

## Stop {#halt}

## Ärger
"""


@pytest.mark.parametrize(
    ("elsewhere", "here"),
    [
        ("one-two", "h-one-two"),
        ("dont-panic", "h-don-t-panic"),
        ("again", "h-again"),
        ("again-1", "h-again--2"),
        ("again_1", "h-again--2"),
        ("halt", "h-stop-halt"),
        ("ärger", "h-arger"),
        ("arger", "h-arger"),
    ],
)
def test_it_works(elsewhere: str, here: str) -> None:
    assert anchors_of(BODY)[elsewhere] == here


def test_what_is_code_is_no_heading() -> None:
    assert "no-heading" not in anchors_of(BODY)


def test_a_text_without_headings_has_none() -> None:
    assert anchors_of("Words.") == {}
