"""OpenStreetMap XML in the order that its reader wants: nodes, ways, relations, each by number.

Extracts come so; what an editor saves, or an Overpass query gives, often does not. The reader would
refuse such a file, or lose streets whose nodes stand after them. It is sorted once, on disk.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data.errors import UnreadableMapError, UnsortedExtractError

MAX_SORTED_BYTES = 256 * 2**20
"""Larger unsorted files are refused: sorting them is work for a tool made for it."""

_CHUNK = 2**22
_LONGEST_START = 2**14  # of the opening of one element, as far as its number
_KINDS = {"node": 0, "way": 1, "relation": 2}
_START = re.compile(rb"<(node|way|relation)\s(?:[^>]*?\s)?id=[\"'](-?\d+)[\"']")
_MANY = 10_000


@dataclass(frozen=True)
class Order:
    """How the elements of a file follow each other, and whether all are numbered from 1 up."""

    is_sorted: bool
    is_positive: bool


@contextlib.contextmanager
def in_order(path: Path) -> Iterator[tuple[Path, bool]]:
    """Give an extract whose elements are in order: the file itself, or a sorted copy for a while.

    Binary extracts (.pbf) are given as they are.

    Yields
    ------
    tuple
        The file to read, and whether all numbers are positive. Editors number what is new downwards
        from -1.

    Raises
    ------
    UnsortedExtractError
        It is not sorted, and too large to be sorted here.
    UnreadableMapError
        It is not sorted, and no XML.
    """
    if path.suffix.casefold() != ".osm":
        yield path, True
        return
    found = order_of(path)
    if found.is_sorted:
        yield path, found.is_positive
        return
    n_bytes = path.stat().st_size
    if n_bytes > MAX_SORTED_BYTES:
        raise UnsortedExtractError(file=path.name, n=n_bytes, limit=MAX_SORTED_BYTES)
    with tempfile.TemporaryDirectory(prefix="vonglau-") as folder:
        target = Path(folder) / path.name
        try:
            _sort(path, target, Path(folder) / "elements.db")
        except ET.ParseError as error:
            raise UnreadableMapError(file=path.name) from error
        yield target, found.is_positive


def order_of(path: Path) -> Order:
    """Tell how the elements of an OpenStreetMap XML file follow each other, without parsing it."""
    last = (-1, 0)
    is_sorted = is_positive = True
    for kind, number in _starts(path):
        place = (_KINDS[kind], number)
        is_sorted &= place > last
        is_positive &= number > 0
        last = (place[0], place[1])
        if not is_sorted and not is_positive:
            break
    return Order(is_sorted, is_positive)


def _starts(path: Path) -> Iterator[tuple[str, int]]:
    """Give kind and number of each element, in the order of the file."""
    tail = b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            end = 0
            for found in _START.finditer(text):
                end = found.end()
                yield found[1].decode(), int(found[2])
            tail = text[max(end, len(text) - _LONGEST_START) :]


def _sort(path: Path, target: Path, scratch: Path) -> None:
    """Write the elements in order; of one that comes twice, the version that says most.

    Overpass gives a node with tags again as a bare corner of its street.
    """
    connection = sqlite3.connect(scratch)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "CREATE TABLE element (kind INTEGER, number INTEGER, text TEXT,"
            " PRIMARY KEY (kind, number)) WITHOUT ROWID"
        )
        batch: list[tuple[int, int, str]] = []
        for element in _elements(path):
            batch.append(element)
            if len(batch) >= _MANY:
                _keep(connection, batch)
                batch.clear()
        _keep(connection, batch)
        with target.open("w", encoding="utf-8") as stream:
            stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n')
            for (text,) in connection.execute("SELECT text FROM element ORDER BY kind, number"):
                stream.write(f"{text}\n")
            stream.write("</osm>\n")
    finally:
        connection.close()


def _keep(connection: sqlite3.Connection, batch: list[tuple[int, int, str]]) -> None:
    connection.executemany(
        "INSERT INTO element VALUES (?, ?, ?) ON CONFLICT (kind, number) DO UPDATE"
        " SET text = excluded.text WHERE length(excluded.text) > length(text)",
        batch,
    )


def _elements(path: Path) -> Iterator[tuple[int, int, str]]:
    """Give kind, number and text of each element that is not deleted, one at a time in memory."""
    depth = 0
    root: ET.Element | None = None
    # the parser's own expat limits how much entities may grow
    for event, element in ET.iterparse(path, events=("start", "end")):  # noqa: S314
        if event == "start":
            root = element if root is None else root
            depth += 1
            continue
        depth -= 1
        if depth != 1 or root is None:
            continue
        number = element.get("id", "")
        is_there = element.get("action") != "delete" and element.get("visible") != "false"
        if element.tag in _KINDS and re.fullmatch(r"-?\d{1,18}", number) and is_there:
            element.tail = None
            yield _KINDS[element.tag], int(number), ET.tostring(element, encoding="unicode")
        root.clear()
