from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from incidents.guard.readers import read
from tests.guard.readers.reading import refusal, rows, values
from tests.guard.readers.test_json import TABLES, flat

SIDEKIQ = """\
# config/sidekiq.yml
:concurrency: 5
:timeout: 25
production:
  :concurrency: <%= ENV["SIDEKIQ_CONCURRENCY"] || 20 %>
:queues:
  - critical
  - [default, 2]
"""
DATABASE = """\
default: &default
  adapter: postgresql
  pool: <%= ENV.fetch("DB_POOL") { 5 } %>

<%# The replica is
    read only. %>
production:
  <<: *default
  database: app_production
  pool: <%= Integer(ENV.fetch("RAILS_MAX_THREADS", 5)) *
            2 %>
  url: <%= ENV["DATABASE_URL"] %>
  host: "db-<%= Rails.env %>"
  port: <%= 5000 + 432 %>
<% if ENV["REPLICA"] %>
  replica: true
<% end %>
  timeout: 5000
"""
TYPES = """\
a: 5
b: -0.5
c: true
d: yes
e: 022
f: 1_000
g: 12:30
h: "5"
i: ~
j: 2019-12-24
k: !!str 5
l: !!int "7"
m: 0x1F
n: |
  two
  lines
"""
# What makes YAML YAML, more often than chance would have it.
PIECES = (
    "a·: ·\n·- ·&x ·*x·<<: ·[·]·{·}·, ·? ·|\n  ·\"·'·!t ·---\n·#·  ·%YAML 1.1\n"
    "·<% if x %>·<%= 1 %>·<% end %>·<%·%>"
)
DOCUMENTS = st.lists(st.sampled_from(PIECES.split("·")), max_size=30).map("".join)


def test_it_works() -> None:
    assert rows("config/sidekiq.yml", SIDEKIQ) == [
        (2, "concurrency", 5),
        (3, "timeout", 25),
        (5, "production.concurrency", "? 20 unless SIDEKIQ_CONCURRENCY is set"),
        (7, "queues.0", "critical"),
        (8, "queues.1", ["default", 2]),
    ]


def test_erb_is_read_and_never_run() -> None:
    assert rows("config/database.yml", DATABASE) == [
        (2, "default.adapter", "postgresql"),
        (3, "default.pool", "? 5 unless DB_POOL is set"),
        (9, "production.database", "app_production"),
        (10, "production.pool", "? 10 unless RAILS_MAX_THREADS is set"),
        (12, "production.url", "? the environment gives it, in DATABASE_URL"),
        (13, "production.host", "? “Rails.env” is worked out when it runs"),
        (14, "production.port", 5432),
        (16, "production.replica", '? it stands under “<% if ENV["REPLICA"] %>”, line 15'),
        (18, "production.timeout", 5000),
        (2, "production.adapter", "postgresql"),
    ]


def test_the_words_of_the_file_are_kept() -> None:
    document = "a: !!int '5'\nb: <%= 2 * 3 %>\nc: [x,\n    y]\n"

    written = [setting.written for setting in read("a.yml", document.encode()).settings]

    assert written == ["!!int '5'", "<%= 2 * 3 %>", "[x,\n    y]"]


def test_a_value_is_a_number_only_where_every_reader_of_yaml_says_so() -> None:
    assert list(values("a.yml", TYPES).values()) == [
        *(5, -0.5, True, "yes", "022", "1_000", "12:30", "5", None, "2019-12-24", "5", 7, 31),
        "two\nlines\n",
    ]


def test_a_merge_key_gives_what_the_table_itself_lacks() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\n"

    found = {key: value for key, value in values("a.yml", text).items() if key.startswith("c.")}

    assert found == {"c.x": 3, "c.y": 1, "c.z": 2}


def test_documents_are_counted() -> None:

    settings = read("a.yml", b"a: 1\n---\na: 2\n").settings

    assert [(each.document, each.value) for each in settings] == [(1, 1), (2, 2)]


def test_what_a_tag_makes_is_not_known() -> None:
    assert values("a.yml", "a: !Ref b\nc: !Sub [d, e]\nf: !vault |\n  123\n") == {
        "a": "? what “!Ref” makes of it is up to the program that reads the file",
        "c": "? what “!Sub” makes of it is up to the program that reads the file",
        "f": "? what “!vault” makes of it is up to the program that reads the file",
    }


def test_what_only_the_program_tells_has_no_tag_that_runs() -> None:
    found = values("a.yml", "a: !!python/object/apply:os.getcwd []\n")

    assert str(found["a"]).startswith("? what “tag:yaml.org,2002:python/object/apply:os.getcwd”")


@given(TABLES, st.sampled_from([None, False, True]))
def test_it_agrees_with_the_loader(tree: dict[str, Any], style: bool | None) -> None:
    text = yaml.safe_dump(tree, default_flow_style=style, allow_unicode=True)

    assert values("a.yml", text) == flat(yaml.safe_load(text))


@given(DOCUMENTS | st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:

    with suppress(CannotRead):
        rows("a.yml", text)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
)
MERGES = (
    "a: &a {"
    + ", ".join(f"k{number}: 1" for number in range(10))
    + "}\n"
    + "".join(
        f"{name}: &{name}\n  <<: [{', '.join(['*' + before] * 10)}]\n"
        for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
    )
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: 1\nb: [1,\n", "a.yml:2: It is not YAML: did not find expected node content."),
        ("a: 1\nb: \x07", "a.yml:2: It is not YAML: control characters are not allowed."),
        ("a: *b", "a.yml:1: Nothing before it is called “b”."),
        ("a: 1\n? [b]\n: 1", "a.yml:2: A key is a list or a table; only texts are read."),
        ("a: {{ .Values.a }}", "a.yml:1: A key is a list or a table; only texts are read. Of a"),
        ("a: 1\n{{- if .x }}\nb: 1", "a.yml:3: It is not YAML: "),
        ("a: 1\nb: <%= 1", "a.yml:2: “<%” has no “%>” after it."),
        ("a: 1\n<<: 5", "a.yml:2: “<<” names something that is not a table."),
        ("a: \ue0e00\ue0e1 <%= 1 %>", "a.yml: It holds characters of Unicode's private use area."),
        ("[" * 100_000, "a.yml:1: It is nested more than 50 deep."),
        ("- " * 100_000, "a.yml:1: It is nested more than 50 deep."),
        ("&a [*a]", "a.yml:1: It is nested more than 50 deep."),
        ("a: &a\n  <<: *a", "a.yml:1: It is nested more than 50 deep."),
        (BOMB, "a.yml:1: It holds, or stands for, more than 100,000 values."),
        (MERGES, "a.yml:1: It holds, or stands for, more than 100,000 values."),
        ("- a\n" * 100_001, "a.yml:100000: It holds, or stands for, more than 100,000 values."),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal("a.yml", text).startswith(why)
