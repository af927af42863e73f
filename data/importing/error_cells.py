"""Cells of a workbook that hold an error, as ``#N/A`` or ``#REF!``: they are read as blank.

Counted in workbooks in which that takes no time.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from data.importing import sheet_xml, workbook_parts
from data.importing.records import Draft

MOST_BYTES = 30_000_000
"""Of the sheet, unpacked; larger ones are not looked through."""

_WORKBOOK = "xl/workbook.xml"
_ERROR = re.compile(rb"""<(?:\w+:)?c\b(?=[^>]*\st\s*=\s*["']e["'])([^>]*)>""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")


def count(path: Path, draft: Draft) -> int:
    """Count the cells with an error in the columns and rows that a draft takes.

    Parameters
    ----------
    path
        The file that the draft was read from.
    draft
        Of an .xlsx, one table a sheet; of all others the count is 0.
    """
    if draft.sheet is None or draft.sheet not in draft.sheets or not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as archive:
        if _WORKBOOK not in archive.namelist():
            return 0
        name = workbook_parts.part_names(path).get(draft.sheet)
        if name is None or archive.getinfo(name).file_size > MOST_BYTES:
            return 0
        found = _ERROR.findall(archive.read(name))
    if not found:
        return 0
    taken = set(draft.mapping.values())
    columns = {place for place, heading in enumerate(draft.headings) if heading in taken}
    rows = frozenset(draft.file_rows)
    places = (_PLACE.search(attributes) for attributes in found)
    return sum(
        int(place[2]) in rows and sheet_xml.column_number(place[1]) - 1 in columns
        for place in places
        if place is not None
    )
