"""Dumps of databases, read and not run."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incidents.importers.dumps import NotADump, holds, tables_in

MYSQL = r"""
-- MySQL dump 10.13  Distrib 8.0.36
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `postmortems`;
CREATE TABLE `postmortems` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `title` varchar(255) CHARACTER SET utf8mb4 NOT NULL DEFAULT 'a;b',
  `blob` mediumblob,
  PRIMARY KEY (`id`),
  KEY `title` (`title`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `postmortems` WRITE;
INSERT INTO `postmortems` VALUES (1,'It\'s (down); said ''she'' \\ \"x\"\r\nnext\0',NULL),
(2,'',_binary 'b\n');
INSERT INTO `others` (`a`) VALUES ('INSERT INTO `postmortems` VALUES (9,\'x\',NULL);');
INSERT INTO `postmortems` (`title`, `id`) VALUES ('50\%',-3.5);
INSERT INTO `postmortems` (`title`, `blob`) VALUES (0x44c3b6,x'61');
UNLOCK TABLES;
-- Dump completed on 2026-01-01
"""
POSTGRES = r"""
--
-- PostgreSQL database dump
--
\restrict abc
SET standard_conforming_strings = on;
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN; 'it; END $$;
CREATE TABLE one.incident (
    id integer NOT NULL,
    "text" character varying DEFAULT 'x;y'::character varying,
    CONSTRAINT c CHECK ((id > 0))
);
COPY one.incident (id, "text") FROM stdin;
1	a\tb\\c\nd \x41\101
2	\N
3	SPACE
\.
COPY one.other (id) FROM stdin;
\.
INSERT INTO two.incident (id, text) VALUES (4, 'C:\'), (5, E'it''s\n'), (6, NULL)
ON CONFLICT DO NOTHING;
INSERT INTO one.incident VALUES (7, '{"a": 1}'::jsonb);
""".replace("SPACE", "")


def test_mysql() -> None:
    dump = tables_in(MYSQL, ["postmortems"])
    assert dump.of("", "postmortems") == [
        {"id": "1", "title": "It's (down); said 'she' \\ \"x\"\r\nnext\0"},
        {"id": "2", "title": "", "blob": "b\n"},
        {"id": "-3.5", "title": "50\\%"},
        {"title": "Dö", "blob": "a"},
    ]


def test_postgres() -> None:
    dump = tables_in(POSTGRES, ["incident", "event"])
    assert dump.schemas_with("incident") == ["one", "two"]
    assert dump.of("one", "incident") == [
        {"id": "1", "text": "a\tb\\c\nd AA"},
        {"id": "2"},
        {"id": "3", "text": ""},
        {"id": "7", "text": '{"a": 1}'},
    ]
    assert dump.of("two", "incident") == [
        {"id": "4", "text": "C:\\"},
        {"id": "5", "text": "it's\n"},
        {"id": "6"},
    ]
    assert dump.of("one", "event") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("INSERT INTO `a` VALUES (1);", "line 1 does not say what its columns are."),
        ("INSERT INTO `a` (`b`) VALUES (1,2);", "line 1 has 2 values for 1 columns."),
        ("\nINSERT INTO `a` (`b`) VALUES ('x", "line 2 holds a value that cannot be read."),
        ("INSERT INTO `a` (`b`) VALUES (1", "line 1 ends in the middle."),
        ("INSERT INTO `a` (`b`) VALUES (1)", "line 1 ends in the middle."),
        ("INSERT INTO `a` (`b`) VALUES (1),\n 2;", "line 2 holds something else than values."),
        ("INSERT INTO `a` (`b`) VALUES ((select 1));", "holds a value that cannot be read."),
        ("COPY a (b) FROM stdin;\n1\n2\n", "line 1 ends in the middle."),
        ("COPY a (b, c) FROM stdin;\n1\n\\.\n", "line 2 has 1 values for 2 columns."),
        ("hello", "line 1 ends in the middle."),
        ("CREATE TABLE a (b 'x", "line 1 ends in the middle."),
    ],
)
def test_what_is_no_dump_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(NotADump) as refused:
        tables_in(text, ["a"])
    assert str(refused.value).endswith(why)


@given(st.text(alphabet="INSERT INTO `a` VALUES ('\\x);,\n-/*$\"0", max_size=120))
@example("'" * 5_000)
@example("(" * 5_000)
@example("/*" * 5_000)
@example("$a$" * 5_000)
@example("INSERT INTO `a` (`b`) VALUES ('" + "\\'" * 50_000)
def test_no_text_is_more_than_refused(text: str) -> None:
    for head in ("", "INSERT INTO `a` (`b`) VALUES ", "INSERT INTO a (b) VALUES "):
        try:
            tables_in(head + text, ["a"])
        except NotADump as refused:
            assert "line" in str(refused)  # noqa: PT017


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(st.lists(st.none() | TEXTS, min_size=1, max_size=4))
def test_what_is_escaped_comes_back(values: list[str | None]) -> None:
    columns = [f"c{place}" for place in range(len(values))]
    wanted = {name: value for name, value in zip(columns, values, strict=True) if value is not None}
    mysql = ",".join(
        "NULL"
        if value is None
        else "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
        for value in values
    )
    names = ",".join(f"`{name}`" for name in columns)
    dump = tables_in(f"INSERT INTO `a` ({names}) VALUES ({mysql});", ["a"])
    assert dump.of("", "a") == [wanted]
    postgres = ",".join(
        "NULL" if value is None else "'" + value.replace("'", "''") + "'" for value in values
    )
    dump = tables_in(f"INSERT INTO a ({','.join(columns)}) VALUES ({postgres});", ["a"])
    if "`" not in postgres:
        assert dump.of("", "a") == [wanted]
    copied = "\t".join(
        "\\N"
        if value is None
        else value.replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\t", "\\t")
        .replace("\r", "\\r")
        for value in values
    )
    dump = tables_in(f"COPY a ({','.join(columns)}) FROM stdin;\n{copied}\n\\.\n", ["a"])
    assert dump.of("", "a") == [wanted]


def test_a_table_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "x.sql"
    file.write_text(MYSQL, encoding="utf-8")
    assert holds(file, "postmortems")
    assert not holds(file, "postmortem")
    file.write_text(POSTGRES, encoding="utf-8")
    assert holds(file, "incident")
    assert not holds(tmp_path / "gone.sql", "incident")
