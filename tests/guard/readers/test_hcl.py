from contextlib import suppress
from typing import Any

import hcl2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from tests.guard.readers.reading import refusal, rows, values

TFVARS = r"""
# terraform.tfvars
instance_class = "db.t3.medium"
max_connections = 100
ratio = -1.5
multi_az = true
zones = ["a", "b"]
tags = { Name = "orders", "cost centre" = var.cost
  team: 3 }
parameters = [
  { name = "work_mem", value = "4MB" },
]
note = <<EOT
line
EOT
resource "aws_db_instance" "main" {
  allocated_storage = 20
  name = "orders-${var.environment}"
  timeouts { create = "60m" }
  escaped = "a$${b} \" \n \u00e9"
  password = file("/etc/passwd")
}
"""
TEXTS = st.text("ab é.,=", max_size=5)


def test_it_works() -> None:
    assert rows("terraform.tfvars", TFVARS) == [
        (3, "instance_class", "db.t3.medium"),
        (4, "max_connections", 100),
        (5, "ratio", -1.5),
        (6, "multi_az", True),
        (7, "zones", ["a", "b"]),
        (8, "tags.Name", "orders"),
        (8, "tags.cost centre", "? Terraform works out “var.cost”"),
        (9, "tags.team", 3),
        (11, "parameters.0.name", "work_mem"),
        (11, "parameters.0.value", "4MB"),
        (13, "note", "line\n"),
        (17, "resource.aws_db_instance.main.allocated_storage", 20),
        (
            *(18, "resource.aws_db_instance.main.name"),
            '? Terraform works out “"orders-${var.environment}"”',
        ),
        (19, "resource.aws_db_instance.main.timeouts.create", "60m"),
        (20, "resource.aws_db_instance.main.escaped", 'a${b} " \n é'),
        (
            *(21, "resource.aws_db_instance.main.password"),
            '? Terraform works out “file("/etc/passwd")”',
        ),
    ]


@settings(max_examples=30)
@given(
    st.dictionaries(
        st.text("abc_", min_size=1, max_size=3).filter(str.isidentifier),
        st.integers(0, 10**9)
        | st.booleans()
        | TEXTS
        | st.lists(TEXTS | st.integers(0, 9), max_size=3),
        max_size=4,
    )
)
def test_it_agrees_with_the_library(tree: dict[str, Any]) -> None:
    text = "".join(f"{key} = {quoted(value)}\n" for key, value in tree.items())
    expected = hcl2.loads(text)

    assert values("a.tfvars", text) == {key: unquoted(expected[key]) for key in tree}


def quoted(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(quoted, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def unquoted(value: Any) -> Any:
    """The library keeps the quotes around a text."""
    if isinstance(value, list):
        return [unquoted(each) for each in value]
    return value[1:-1] if isinstance(value, str) else value


PIECES = 'a·b· = ·1·"·"x"·${·}·{·[·]·,·\n·<<A\n·A\n·? ·: ·(·)·.·*·for ·in ·/*·#·%{ if ·\\'


@settings(max_examples=50)
@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES.split("·"))).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRead):
        rows("a.tf", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = 1\nb = \n", "a.tf:2: It is not HCL from here on."),
        ("a = 1\nb = [\n", "a.tf:2: It is not HCL from here on."),
        ("a = 1\nb = " + "[" * 100_000, "a.tf: It has 0.1 MB"),
        ("a = 1\nb = " + "[" * 90_000, "a.tf:2: It is nested more than 50 deep."),
        ("a = <<E\n" + "\n" * 20_000, "a.tf:1: More than 200 blanks or empty lines follow"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal("a.tf", text).startswith(why)
