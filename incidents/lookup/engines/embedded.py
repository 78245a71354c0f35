"""The index of the archive: files of tantivy, derived from the entries, made anew when lost.

A document is an entry with its terms as they are in the database's indexes. Neighbours are terms of
a field of their own, so that it is known at once in how many entries two words stand side by side.
"""

import json
import logging
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import tantivy
from django.core.files import locks
from tantivy import Document, Occur, Query

from incidents.lookup.engines.bm25 import Pair
from incidents.lookup.engines.ranking import Rows
from incidents.lookup.engines.writes import NOWHERE, Position
from incidents.lookup.terms import Asked

logger = logging.getLogger(__name__)

FORM = 2
"""Of the documents. Another form is another folder: an index is made anew, never converted."""
MEMORY = 64_000_000
"""Bytes that a writer fills before it writes a segment."""
FAULTS = (OSError, ValueError)
"""What an index that cannot be read or written raises."""
POSITION = "position"
"""The kind of the one document that says how far the index has read; it changes with the rest."""


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for part in ("head", "body"):
        builder.add_text_field(part, stored=True, tokenizer_name="whitespace", index_option="freq")
        builder.add_integer_field(f"{part}_length", fast=True)
    builder.add_text_field("pairs", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("entry", indexed=True, fast=True)
    builder.add_integer_field("record", fast=True)
    builder.add_text_field("told", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class Written(NamedTuple):
    """An entry as the index keeps it, and the record that it leads to."""

    kind: str
    record_id: int
    rows: Rows


class Named(NamedTuple):
    """An entry in a snapshot."""

    entry_id: int
    record_id: int
    address: tantivy.DocAddress


class Snapshot:
    """The index as it was at one moment."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self.searcher = searcher
        self.schema = schema

    @cached_property
    def position(self) -> Position:
        found = self.searcher.search(self._of_kind(POSITION), 1, count=False).hits
        if not found:
            return NOWHERE
        told = json.loads(self.searcher.doc(found[0][1])["told"][0])
        return Position(told["horizon"], frozenset(told["read"]))

    @cached_property
    def lengths(self) -> tuple[int, int]:
        """How many rows there are, and how many terms in all of them."""
        lengths = ("head_length", "body_length")
        asked = {
            f"{field} {what}": {what: {"field": field}}
            for field in lengths
            for what in ("value_count", "sum")
        }
        told = self.searcher.aggregate(Query.all_query(), asked)

        def total(what: str) -> int:
            return int(sum(told[f"{field} {what}"]["value"] or 0 for field in lengths))

        return total("value_count"), total("sum")

    def with_term(self, term: str) -> int:
        """How many rows have the term."""
        return self.searcher.doc_freq("head", term) + self.searcher.doc_freq("body", term)

    def with_pair(self, pair: Pair) -> int:
        """How many entries have the two side by side."""
        return self.searcher.doc_freq("pairs", "_".join(pair))

    def named(self, asked: Asked, *, kind: str, limit: int) -> list[Named]:
        """The entries of a kind that have the most of the words, best first."""
        any_term = [
            (Occur.Should, Query.term_query(self.schema, part, term, index_option="freq"))
            for term in asked.terms
            for part in ("head", "body")
        ]
        query = [(Occur.Must, self._of_kind(kind)), (Occur.Must, Query.boolean_query(any_term))]
        found = self.searcher.search(Query.boolean_query(query), limit, count=False).hits
        addresses = [address for _score, address in found]
        entry_ids = self.searcher.fast_field_values("entry", addresses)
        record_ids = self.searcher.fast_field_values("record", addresses)
        return [
            Named(int(entry_id or 0), int(record_id or 0), address)
            for entry_id, record_id, address in zip(entry_ids, record_ids, addresses, strict=True)
        ]

    def rows(self, named: Named) -> Rows:
        document = self.searcher.doc(named.address)
        return Rows(named.entry_id, terms(document, "head"), terms(document, "body"))

    def _of_kind(self, kind: str) -> Query:
        of_kind = Query.term_query(self.schema, "kind", kind, index_option="basic")
        return Query.const_score_query(of_kind, 0.0)


def terms(document: Document, part: str) -> list[str]:
    text: list[str] = document[part]
    return text[0].split() if text else []


class EmbeddedIndex:
    """The index in a folder, for every process of this machine.

    Any of them reads at any time; whoever holds it may write.
    """

    _open: dict[Path, "EmbeddedIndex"] = {}
    _opening = Lock()

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.schema = schema()
        self.index = tantivy.Index(self.schema, path=str(folder))
        self.index.config_reader(reload_policy="manual")
        self._seen: tuple[float, int] | None = None
        self._snapshot: Snapshot | None = None
        self._reading = Lock()

    @classmethod
    def at(cls, folder: Path) -> "EmbeddedIndex | None":
        """The process's own, opened once. None while it cannot be opened."""
        with cls._opening:
            if folder not in cls._open or not folder.is_dir():
                cls._open.pop(folder, None)
                try:
                    cls._open[folder] = cls._opened(folder)
                except FAULTS as fault:
                    logger.warning("The index of the archive cannot be opened: %s", fault)
            return cls._open.get(folder)

    @classmethod
    def _opened(cls, folder: Path) -> "EmbeddedIndex":
        """What is spoilt goes, if nobody writes it, and is made anew."""
        try:
            return cls(folder)
        except ValueError as fault:
            with held(folder, wait=False) as is_ours:
                if not is_ours:
                    raise
                logger.warning("The index of the archive is made anew: %s", fault)
                shutil.rmtree(folder)
                return cls(folder)

    @classmethod
    def close_all(cls) -> None:
        """The next who asks opens anew."""
        with cls._opening:
            cls._open.clear()

    def snapshot(self) -> Snapshot:
        """The latest that any process has written."""
        with self._reading:
            status = (self.folder / "meta.json").stat()
            seen = (status.st_mtime, status.st_ino)
            if self._snapshot is None or seen != self._seen:
                self.index.reload()
                self._snapshot, self._seen = Snapshot(self.index.searcher(), self.schema), seen
            return self._snapshot

    def absorb(
        self,
        written: Iterable[Written],
        *,
        position: Position,
        from_scratch: bool,
    ) -> None:
        """Take the entries in, in place of what there was of them. Only for who holds the index."""
        writer = self.index.writer(heap_size=MEMORY, num_threads=1)
        try:
            if from_scratch:
                writer.delete_all_documents()
            for one in written:
                if not from_scratch:
                    writer.delete_documents_by_term("entry", one.rows.entry_id)
                writer.add_document(document(one))
            writer.delete_documents_by_term("kind", POSITION)
            told = json.dumps({"horizon": position.horizon, "read": sorted(position.read)})
            writer.add_document(Document(kind=POSITION, told=told))
            writer.commit()
            writer.wait_merging_threads()
        finally:
            # It holds tantivy's own lock for as long as it lives.
            del writer


@contextmanager
def held(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Whether the index is ours to write now; with `wait`, as soon as it is."""
    with (folder.parent / f"{folder.name}.lock").open("w") as file:
        is_ours = locks.lock(file, locks.LOCK_EX | (0 if wait else locks.LOCK_NB))
        try:
            yield is_ours
        finally:
            if is_ours:
                locks.unlock(file)


def document(written: Written) -> Document:
    rows = written.rows
    pairs = {"_".join(pair) for row in (rows.head, rows.body) for pair in pairwise(row)}
    found = Document(
        entry=rows.entry_id,
        record=written.record_id,
        kind=written.kind,
        head_length=len(rows.head),
        pairs=" ".join(pairs),
    )
    found.add_text("head", " ".join(rows.head))
    found.add_text("body", " ".join(rows.body))
    if rows.body:
        # An entry without a body has one row.
        found.add_integer("body_length", len(rows.body))
    return found
