"""Spreadsheets as bytes, in every format that is read: written here, by few lines each.

A sheet is rows of cells: texts, numbers, None. Merged blocks are (first row, first column, last
row, last column), from 0.
"""

import io
import struct
import unicodedata
import zipfile
from xml.sax.saxutils import escape

import xlsxwriter

from data.importing.files import legacy_letters

Rows = list[list[object]]
Block = tuple[int, int, int, int]

OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def text(rows: Rows, *, sep=";", end="\n", encoding="utf-8") -> bytes:
    """Write a text table; cells are written as they are, with their quotation marks."""
    lines = [sep.join("" if cell is None else str(cell) for cell in row) for row in rows]
    return (end.join(lines) + end).encode(encoding)


def xlsx(
    sheets: dict[str, Rows],
    *,
    merged: dict[str, list[Block]] | None = None,
    hidden=(),
    is_1904=False,
):
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "default_date_format": "dd/mm/yyyy", "date_1904": is_1904}  # fmt: skip
    with xlsxwriter.Workbook(buffer, options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for block in (merged or {}).get(name, []):
                sheet.merge_range(*block, "")
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(i, j, cell)
            if name in hidden:
                sheet.hide()
    return buffer.getvalue()


def ods(sheets: dict[str, Rows], *, is_1904=False) -> bytes:
    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            said = f"<text:p>{escape(value)}</text:p>"
            return f'<table:table-cell office:value-type="string">{said}</table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    null_date = '<table:null-date table:date-value="1904-01-01"/>'
    settings = f"<table:calculation-settings>{null_date}</table:calculation-settings>"
    return ods_of(settings + tables if is_1904 else tables)


def ods_of(tables: str) -> bytes:
    """Pack the XML of tables as an OpenDocument spreadsheet."""
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(f'xmlns:{short}="{OASIS}:{name}:1.0"' for short, name in names.items())
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    parts = {
        "mimetype": kind,
        "META-INF/manifest.xml": (
            f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            "</manifest:manifest>"
        ),
        "content.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>'
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>"
        ),
    }
    return packed(parts)


def packed(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xls(
    sheets: dict[str, Rows],
    *,
    merged: dict[str, list[Block]] | None = None,
    is_1904=False,
    struck: dict[str, set[tuple[int, int]]] | None = None,
) -> bytes:
    """Write BIFF8, as Excel 97 did, in its compound file; ``struck`` are cells struck through."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def wide(said: str, length: str) -> bytes:
        return struct.pack(length, len(said)) + b"\x01" + said.encode("utf-16-le")

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 0))

    bodies = []
    for name, rows in sheets.items():
        body = begin(0x10)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                is_struck = (i, j) in (struck or {}).get(name, set())
                place = struct.pack("<HHH", i, j, is_struck)
                if isinstance(cell, str):
                    body += record(0x0204, place + wide(cell, "<H"))
                elif isinstance(cell, bytes):  # the number of an error
                    body += record(0x0205, place + cell + b"\x01")
                elif cell is not None:
                    body += record(0x0203, place + struct.pack("<d", cell))
        for top, left, bottom, right in (merged or {}).get(name, []):
            body += record(0x00E5, struct.pack("<HHHHH", 1, top, bottom, left, right))
        bodies.append(body + record(0x000A, b""))

    def start(offsets: list[int]) -> bytes:
        listed = b"".join(
            record(0x0085, struct.pack("<IBB", offset, 0, 0) + wide(name, "<B"))
            for offset, name in zip(offsets, sheets, strict=True)
        )
        said = record(0x0042, struct.pack("<H", 1200)) + record(0x22, struct.pack("<H", is_1904))
        return begin(0x05) + said + styles + listed + record(0x0A, b"")

    styles = _xls_styles() if struck else b""
    length = len(start([0] * len(bodies)))
    offsets = [length + sum(map(len, bodies[:i])) for i in range(len(bodies))]
    return compound("Workbook", start(offsets) + b"".join(bodies))


def _xls_styles() -> bytes:
    """Write five fonts, of which the last strikes, and a style of the first and of the last."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def font(grbit: int) -> bytes:
        plain = struct.pack("<HHHHHBBBx", 200, grbit, 0x7FFF, 400, 0, 0, 0, 0)
        return record(0x0031, plain + b"\x05\x00Arial")

    # the fifth font has the number 5: there is none with the number 4
    formats = b"".join(record(0x00E0, struct.pack("<HH16x", number, 0)) for number in (0, 5))
    return font(0) * 4 + font(0x0008) + formats


def compound(name: str, stream: bytes) -> bytes:
    """Write a compound file with one stream of at most 7 MB."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    stream = stream.ljust(4096, b"\0")
    n_sectors = -(-len(stream) // 512)
    n_tables = -(-(n_sectors + 1) // 127)
    table = [*[0xFFFFFFFD] * n_tables, end]
    table += [*range(len(table) + 1, len(table) + n_sectors), end]
    table += [free] * (128 * n_tables - len(table))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<IIIIIIIII", 0, n_tables, n_tables, 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", *range(n_tables), *[free] * (109 - n_tables))
    )  # fmt: skip

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        raw = (title + "\0").encode("utf-16-le")
        return (
            raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, free, free, child)
            + bytes(36) + struct.pack("<IQ", first, size)
        )  # fmt: skip

    folder = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, n_tables + 1, len(stream))
    return (
        header
        + struct.pack(f"<{len(table)}I", *table)
        + folder.ljust(512, b"\0")
        + stream.ljust(512 * n_sectors, b"\0")
    )


def xlsb(sheets: dict[str, Rows], *, is_1904=False) -> bytes:
    """Write the binary parts that a reader needs of Excel's binary workbook."""

    def record(kind: int, data: bytes = b"") -> bytes:
        code = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, rest = bytearray(), len(data)
        while rest > 127:
            size.append(rest & 0x7F | 0x80)
            rest >>= 7
        return code + bytes([*size, rest]) + data

    def wide(said: str) -> bytes:
        return struct.pack("<I", len(said)) + said.encode("utf-16-le")

    def cell(column: int, value) -> bytes:
        place = struct.pack("<II", column, 0)
        if isinstance(value, str):
            return record(6, place + wide(value))
        if isinstance(value, bytes):  # an error, by its number
            return record(3, place + value)
        return record(5, place + struct.pack("<d", value))

    def body(rows: Rows) -> bytes:
        width = max(map(len, rows))
        lines = b"".join(
            record(0, struct.pack("<IIHBBBI", i, 0, 300, 0, 0, 0, 0))
            + b"".join(cell(j, value) for j, value in enumerate(row) if value is not None)
            for i, row in enumerate(rows)
        )
        extent = record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
        return record(129) + extent + record(145) + lines + record(146) + record(130)

    office = "http://schemas.openxmlformats.org"
    links = "".join(
        f'<Relationship Id="rId{i}" Target="worksheets/sheet{i}.bin" '
        f'Type="{office}/officeDocument/2006/relationships/worksheet"/>'
        for i in range(1, len(sheets) + 1)
    )
    listed = b"".join(
        record(156, struct.pack("<II", 0, i) + wide(f"rId{i}") + wide(name))
        for i, name in enumerate(sheets, start=1)
    )
    told = record(153, struct.pack("<III", int(is_1904), 0, 0))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types"/>',
        "xl/_rels/workbook.bin.rels": (
            f'<Relationships xmlns="{office}/package/2006/relationships">{links}</Relationships>'
        ),
        "xl/workbook.bin": record(131) + told + record(143) + listed + record(144) + record(132),
    }
    for i, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{i}.bin"] = body(rows)
    return packed(parts)


def cp1258(said: str) -> bytes:
    """Encode as Windows did before Unicode: a letter, then its tone as a letter of its own."""
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    out = []
    for letter in said:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in tones)
        bare = "".join(mark for mark in parts if mark not in tones)
        out.append(unicodedata.normalize("NFC", bare) + tone)
    return "".join(out).encode("cp1258")


def tcvn3(said: str) -> str:
    """Type a text as with a TCVN3 font; a capital with a tone is a small one in capital shape."""
    typed = {legacy_letters.from_tcvn3(chr(code)): chr(code) for code in range(0xA1, 0x100)}
    return "".join(typed.get(c, c) if c in typed else typed.get(c.lower(), c) for c in said)


def vni(said: str) -> str:
    """Type a text as with a VNI font."""
    typed = {}
    for plain, codes in (("aeiouyd", range(0xE0, 0x100)), ("AEIOUYD", range(0xC0, 0xE0))):
        latin = [chr(code) for code in codes]
        for letter in [*plain, *latin]:
            for mark in ("", *latin):
                meant = legacy_letters.from_vni(letter + mark)
                if len(meant) == 1 and not meant.isascii():
                    typed.setdefault(meant, letter + mark)
    return "".join(typed.get(c, c) for c in said)


def garbled(said: str) -> str:
    """Read UTF-8 as CP1252, as careless programs do."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in said.encode()
    )
