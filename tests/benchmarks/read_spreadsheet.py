"""A large ledger: read and checked beside pandas with openpyxl, and from file to commit.

The spreadsheet is written here, as Excel does: texts in a shared list, days and hours as formatted
numbers. The peer only reads (``pandas.read_excel``), on a tenth of the rows or fewer, and its time
is scaled to all; ours reads, finds the table and checks every row against a city.

Run it by hand (minutes, one process):

    .venv/bin/python tests/benchmarks/read_spreadsheet.py [rows] [rows of the peer] [foot]

With ``foot`` a sum and signatures stand under the rows of ours, which then are no plain columns.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj

from data import importing
from data.importing import Options

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from small_city import small_city

TODAY = date(2025, 12, 31)
HEADINGS = (
    "Số vụ việc", "Ngày xảy ra", "Giờ", "Kinh độ", "Vĩ độ", "Phường/xã", "Tội danh", "Thiệt hại",
)  # fmt: skip
WARDS = ("Đông Thọ", "Hàm Rồng", "Nam Ngạn")
OFFENCES = (
    "Trộm cắp tài sản", "Cướp giật tài sản", "Cố ý gây thương tích", "Gây rối trật tự công cộng",
    "Lừa đảo chiếm đoạt tài sản", "Tai nạn giao thông",
)  # fmt: skip
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="hh:mm"/>'
    '</numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def write(path: Path, n: int, *, has_foot: bool = False) -> None:
    """Write a ledger of n rows in three square wards, and a sum and signatures below."""
    texts = [*HEADINGS, *WARDS, *OFFENCES]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{what}+xml"/>'
        for part, what in (
            ("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
        )
    )  # fmt: skip
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{LINKS}/{what}" Target="{target}.xml"/>'
        for i, (what, target) in enumerate(
            (("worksheet", "worksheets/sheet1"), ("styles", "styles"),
             ("sharedStrings", "sharedStrings")), start=1,
        )
    )  # fmt: skip
    xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    parts = {
        "[Content_Types].xml": f'{xml}<Types xmlns="{PACKAGE}/content-types"><Default Extension='
        '"rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'{xml}<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
        f'Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{xml}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
        '<sheet name="T" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{xml}<Relationships xmlns="{PACKAGE}/relationships">'
        f"{links}</Relationships>",
        "xl/styles.xml": xml + STYLES,
        "xl/sharedStrings.xml": f'{xml}<sst xmlns="{MAIN}">{shared}</sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{xml}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for text in _lines(n):
                sheet.write(text.encode())
            if has_foot:
                sheet.write(_foot(n + 2).encode())
            sheet.write(b"</sheetData></worksheet>")


def _foot(row: int) -> str:
    def text(place: str, said: str) -> str:
        return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'

    cells = {
        row: text(f"A{row}", "Tổng cộng") + f'<c r="H{row}"><v>5</v></c>',
        row + 2: text(f"B{row + 2}", "Người lập biểu") + text(f"G{row + 2}", "Thủ trưởng"),
        row + 5: text(f"B{row + 5}", "Nguyễn Văn A"),
    }
    return "".join(f'<row r="{place}">{inside}</row>' for place, inside in cells.items())


def _lines(n: int) -> Iterator[str]:
    head = "".join(f'<c r="{"ABCDEFGH"[i]}1" t="s"><v>{i}</v></c>' for i in range(len(HEADINGS)))
    yield f'<row r="1">{head}</row>'
    rng = np.random.default_rng(7)
    turn = pyproj.Transformer.from_crs("EPSG:5897", "EPSG:4326", always_xy=True)
    step = 100_000
    for start in range(0, n, step):
        size = min(step, n - start)
        ward = rng.integers(len(WARDS), size=size)
        east = 582_000 + 1_000 * ward + rng.uniform(10, 990, size)
        north = 2_191_000 + rng.uniform(10, 990, size)
        longitude, latitude = turn.transform(east, north)
        days = rng.integers(44_562, 45_657, size)
        minutes = rng.integers(1_440, size=size) / 1_440
        offence = rng.integers(len(OFFENCES), size=size)
        damage = rng.integers(1, 500, size) * 100_000
        first_ward, first_offence = len(HEADINGS), len(HEADINGS) + len(WARDS)
        yield "".join(
            f'<row r="{r}"><c r="A{r}"><v>{r - 1}</v></c><c r="B{r}" s="1"><v>{d}</v></c>'
            f'<c r="C{r}" s="2"><v>{m:.10f}</v></c><c r="D{r}"><v>{x:.7f}</v></c>'
            f'<c r="E{r}"><v>{y:.7f}</v></c><c r="F{r}" t="s"><v>{first_ward + w}</v></c>'
            f'<c r="G{r}" t="s"><v>{first_offence + o}</v></c><c r="H{r}"><v>{v}</v></c></row>'
            for r, d, m, x, y, w, o, v in zip(
                range(start + 2, start + size + 2), days.tolist(), minutes.tolist(),
                longitude.tolist(), latitude.tolist(), ward.tolist(), offence.tolist(),
                damage.tolist(), strict=True,
            )
        )  # fmt: skip


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Write, read, check, commit, and print CPU seconds and memory."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    n_peer = int(sys.argv[2]) if len(sys.argv) > 2 else min(n, 50_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer_file, file = folder / "peer.xlsx", folder / "all.xlsx"
        write(peer_file, n_peer)
        write(file, n, has_foot="foot" in sys.argv)
        store = small_city(folder / "city.db")
        say(f"{n:,} rows of {len(HEADINGS)} columns, {file.stat().st_size / 2**20:.0f} MB")
        began = time.process_time()
        frame = pd.read_excel(peer_file, engine="openpyxl")
        peer = (time.process_time() - began) * n / len(frame)
        say(f"pandas with openpyxl: {peer:.1f} CPU s (measured on {n_peer:,} rows, scaled)")
        del frame
        steps = {"start": time.process_time()}
        draft = importing.read(file, layer="incidents")
        steps["read"] = time.process_time()
        checked = importing.check(draft, store, today=TODAY, options=Options())
        steps["checked"] = time.process_time()
        read_and_checked = steps["checked"] - steps["start"]
        say(f"read: {steps['read'] - steps['start']:.1f} CPU s")
        say(
            f"read and checked: {read_and_checked:.1f} CPU s, "
            f"{peer / read_and_checked:.1f} times faster"
        )
        report = importing.commit(checked, store, actor="benchmark")
        steps["committed"] = time.process_time()
        whole = steps["committed"] - steps["start"]
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        say(
            f"from file to commit: {whole:.1f} CPU s, {most:.2f} GB; {report.n_accepted:,} accepted"
        )
        del draft, checked, report
        again = importing.import_file(
            store, file, layer="incidents", actor="benchmark", today=TODAY
        )
        added = again.n_accepted + again.n_updated
        say(f"imported again: {added} added, {again.n_duplicates:,} known already")
        store.close()


if __name__ == "__main__":
    main()
