"""Which part of an .xlsx holds which sheet, as far as its list says so plainly."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
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
        if _BOOK not in names or _LINKS not in names:
            return {}
        book, links = (
            archive.read(names[name])[:_MOST].decode("utf-8", errors="replace")
            for name in (_BOOK, _LINKS)
        )
    targets = {link.get("Id"): link.get("Target", "") for link in _attributes(_LINK, links)}
    found = {}
    for sheet in _attributes(_SHEET, book):
        link = next((value for key, value in sheet.items() if key.endswith(":id")), None)
        target = targets.get(link, "").casefold()
        within = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if within in names:
            found[sheet.get("name", "")] = names[within]
    return found


def _attributes(tag: re.Pattern[str], text: str) -> Iterator[dict[str, str]]:
    for (inside,) in map(re.Match.groups, tag.finditer(text)):
        yield {
            name: html.unescape(double or single)
            for name, double, single in _ATTRIBUTE.findall(inside)
        }
