"""Which part of an .xlsx or .xlsb holds which sheet, as far as its list says so plainly."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from data.importing.files import extents

BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
BINARY_BOOK, _BINARY_LINKS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
_MOST = 2**22
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_LINK = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def part_names(path: Path) -> dict[str, str]:
    """Tell in which part each sheet lies; those told in unusual ways are missing.

    Parameters
    ----------
    path
        An .xlsx of which the sizes are checked.
    """
    with zipfile.ZipFile(path) as archive:
        names = {name.casefold(): name for name in archive.namelist()}
        if BOOK not in names or _LINKS not in names:
            return {}
        book, links = (
            archive.read(names[name])[:_MOST].decode("utf-8", errors="replace")
            for name in (BOOK, _LINKS)
        )
    targets = _targets(links)
    found = {}
    for sheet in _attributes(_SHEET, book):
        link = next((value for key, value in sheet.items() if key.endswith(":id")), "")
        within = targets.get(link)
        if within in names:
            found[sheet.get("name", "")] = names[within]
    return found


def binary_part_names(path: Path) -> dict[str, str]:
    """Tell in which part of an .xlsb each sheet lies; those told in unusual ways are missing.

    Parameters
    ----------
    path
        An .xlsb of which the sizes are checked.

    Raises
    ------
    ValueError
        Its list of sheets is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        names = {name.casefold(): name for name in archive.namelist()}
        if BINARY_BOOK not in names or _BINARY_LINKS not in names:
            return {}
        book = archive.read(names[BINARY_BOOK])
        links = archive.read(names[_BINARY_LINKS])[:_MOST].decode("utf-8", errors="replace")
    targets = _targets(links)
    return {
        name: names[targets[link]]
        for link, name in extents.sheets_of_xlsb(book).items()
        if targets.get(link) in names
    }


def _targets(links: str) -> dict[str, str]:
    """Give the part that each link leads to, in small letters."""
    found = {}
    for link in _attributes(_LINK, links):
        target = link.get("Target", "").casefold()
        within = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        found[link.get("Id", "")] = within
    return found


def _attributes(tag: re.Pattern[str], text: str) -> Iterator[dict[str, str]]:
    for (inside,) in map(re.Match.groups, tag.finditer(text)):
        yield {
            name: html.unescape(double or single)
            for name, double, single in _ATTRIBUTE.findall(inside)
        }
