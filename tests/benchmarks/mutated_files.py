"""Mutated files: none may bring the import down, none may hang it, no row of any may go missing.

The awkward files of the tests are mutated in three ways: bytes of the whole file, bytes inside
one part of a zipped one, and rows, cells and columns of a table that is then written in any format.
Each is read, checked and counted against a small city, without being kept; an .xlsx is read by cell
and by column, as small and large ones are, and must be the same both times. What may come out is a
report in which every row is accounted for, or a refusal with its reason; anything else is listed
with the seed that makes it again.

Run it by hand (minutes):

    .venv/bin/python tests/benchmarks/mutated_files.py [files] [first seed]
"""

from __future__ import annotations

import io
import multiprocessing
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from unittest import mock

import numpy as np

from analysis.errors import VongLauError
from data import importing
from data.importing import Draft, EveryRowFailedError, Options
from data.importing.files import large_sheets, sheets
from data.store import Store

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from awkward import files, formats
from small_city import small_city

TODAY = date(2025, 12, 31)
MOST_CPU_SECONDS = 20
MOST_SECONDS = 200
"""On the wall; a machine that does much else takes its time."""

MOST_MEMORY = 4 * 2**30
BATCH = 250

NASTY = (
    "", " ", "\u00a0", "=1+1", "@x", "-1", "'", '"', ";", "\n", "\t", "0", "1e400", "NaN", "inf",
    "99999999999999999999", "-0.0", "31/02/2025", "00/00/0000", "8/3", "đêm 07 rạng sáng 08/3",
    "24:60", "12h đêm", "1.900", "24,63", "15 triệu", "Tổng cộng", "Ngày xảy ra", "Row Labels",
    "Tháng 1", "người lập biểu", "\u00ad", "Ph\u00adêng §«ng VÖ", "PhÆ°á»ng", "\u0301", "𝟘", "١٢",
    "٨/٣/٢٠٢٥", "²", "A" * 2000, "\ud7ff", "0000-00-00T00:00:00", "2025-03-08T20:30:00+99:99",
    0, -1, 1e308, float("1e-320"), 45724, 2958466, 80000.5, True, None,
)  # fmt: skip


def mutated(seed: int) -> tuple[str, bytes]:
    """Make the file of a seed: its name and its bytes."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(3)
    if kind == 2:
        return _of_table(rng)
    case = files.CASES[rng.integers(len(files.CASES))]
    content = case.content()
    if kind == 1 and zipfile.is_zipfile(io.BytesIO(content)):
        return case.name, _inside(rng, content)
    return case.name, _bytes(rng, content)


def _bytes(rng: np.random.Generator, content: bytes) -> bytes:
    raw = bytearray(content or b"\0")
    for _ in range(rng.integers(1, 12)):
        at = int(rng.integers(len(raw))) if raw else 0
        length = int(rng.integers(1, 40))
        match rng.integers(6):
            case 0 | 1:
                raw[at : at + 1] = rng.bytes(1)
            case 2:
                del raw[at : at + length]
            case 3:
                raw[at:at] = rng.bytes(length)
            case 4:
                raw[at:at] = raw[at : at + length]
            case _:
                raw[at : at + 4] = b"\xff\xff\xff\xff"
        raw = raw or bytearray(b"\0")
    return bytes(raw if rng.random() < 0.9 else raw[: int(rng.integers(len(raw)))])


def _inside(rng: np.random.Generator, content: bytes) -> bytes:
    """Mutate one part of a zip, so that the zip itself stays good."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    telling = [n for n in parts if "sheet" in n or "content" in n or "Strings" in n or "book" in n]
    telling = telling or list(parts)
    name = telling[rng.integers(len(telling))]
    part = bytes(parts[name])  # type: ignore[arg-type]
    if rng.random() < 0.5 and name.endswith(".xml"):
        text = part.decode()
        figures = [i for i, letter in enumerate(text) if letter.isdigit()]
        for i in rng.choice(figures, min(len(figures), int(rng.integers(1, 6))), replace=False):
            text = text[:i] + str(rng.integers(10)) * int(rng.integers(1, 8)) + text[i + 1 :]
        parts[name] = text
    else:
        parts[name] = _bytes(rng, part)
    return bytes(formats.packed(parts))


def _of_table(rng: np.random.Generator) -> tuple[str, bytes]:
    rows = [list(row) for row in files.ROWS for _ in range(int(rng.integers(1, 4)))]
    for _ in range(rng.integers(1, 10)):
        i = int(rng.integers(len(rows)))
        width = max(map(len, rows))
        j = int(rng.integers(max(width, 1)))
        nasty = NASTY[rng.integers(len(NASTY))]
        match rng.integers(8):
            case 0 | 1 | 2:
                rows[i].extend([None] * (j + 1 - len(rows[i])))
                rows[i][j] = nasty
            case 3:
                rows.insert(i, [nasty] * int(rng.integers(0, 9)))
            case 4 if len(rows) > 1:
                del rows[i]
            case 5:
                for row in rows:
                    row.insert(min(j, len(row)), None if rng.random() < 0.5 else nasty)
            case 6:
                for row in rows:
                    row.extend(row[: int(rng.integers(1, 4))])
            case _:
                order = rng.permutation(len(rows))
                rows = [rows[k] for k in order]
    blocks = []
    for _ in range(rng.integers(0, 4)):
        top, left = int(rng.integers(len(rows))), int(rng.integers(6))
        blocks.append((top, left, top + int(rng.integers(0, 4)), left + int(rng.integers(0, 6))))
    writers: tuple[tuple[str, Callable[[], bytes]], ...] = (
        ("t.csv", lambda: formats.text(rows, sep=";,\t|"[rng.integers(4)])),
        ("t.xls", lambda: formats.xls({"T": _plain(rows)}, merged={"T": blocks})),
        ("t.xlsb", lambda: formats.xlsb({"T": _plain(rows), "U": _plain(rows)})),
        ("t.ods", lambda: formats.ods({"T": _plain(rows)})),
        ("t.xlsx", lambda: formats.xlsx({"T": _plain(rows), "U": files.ROWS})),
    )
    name, write = writers[rng.integers(len(writers))]
    return name, write()


def _plain(rows: list[list[object]]) -> list[list[object]]:
    """Make cells ones that every writer takes."""
    shown = [
        [cell.replace("\ud7ff", "") if isinstance(cell, str) else cell for cell in row]
        for row in rows
    ]
    return [
        [float(c) if isinstance(c, bool | int | float) else c for c in row] for row in shown
    ] or [[None]]


def outcome(store: Store, path: Path) -> str:
    """Bring a file in without keeping it, and tell what became of it.

    Raises
    ------
    AssertionError
        A row is not accounted for.
    """
    try:
        draft = _read_both_ways(path) if path.suffix == ".xlsx" else _read(path)
        checked = importing.check(draft, store, today=TODAY, options=Options())
        places = [row["file_row"] for row in checked.rows]
        places += [rejection.file_row for rejection in checked.rejections]
        assert sorted(places) == sorted(draft.file_rows), "rows"
        try:
            report = importing.commit(checked, store, actor="drill", dry_run=True)
        except EveryRowFailedError as error:
            report = error.report
    except VongLauError as error:
        return f"refused: {error.code}"
    counts = (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)
    assert sum(counts) == report.n_rows == draft.n_rows, counts
    assert report.n_skipped >= 0, report.n_skipped
    return "read"


def _read(path: Path) -> Draft:
    return importing.read(path, layer="incidents")


def _read_both_ways(path: Path) -> Draft:
    """Read a file by cell, and by column between its first three rows and its last two.

    Raises
    ------
    AssertionError
        The two differ.
    """
    with mock.patch.object(sheets._Book, "glimpse", _glimpse):
        by_cell, error = _read_or_refused(path)
    with (
        mock.patch.object(sheets._Book, "glimpse", _glimpse),
        mock.patch.object(large_sheets, "LEAST_BYTES", 0),
        mock.patch.object(large_sheets, "N_FIRST", 3),
        mock.patch.object(large_sheets, "N_LAST", 2),
    ):
        by_column, other = _read_or_refused(path)
    assert repr(error) == repr(other), "refused in one way only"
    if error is not None or by_cell is None or by_column is None:
        raise error or AssertionError("nothing read")
    for name in (each.name for each in fields(Draft) if each.name != "cells"):
        assert getattr(by_cell, name) == getattr(by_column, name), name
    for name in by_cell.cells.keys() | by_column.cells.keys():
        both = (by_cell.cells[name], by_column.cells[name])
        one, again = ([(type(cell), repr(cell)) for cell in cells] for cells in both)
        assert one == again, f"cells of {name}"
    return by_column


_GLIMPSE = sheets._Book.glimpse


def _glimpse(book: sheets._Book, name: str) -> sheets.Sheet:
    """Read the first rows of a hidden sheet out of the file itself.

    A copy that is cut behind its third row has fewer than are looked at of a hidden sheet.
    """
    with mock.patch.object(book, "short", None):
        return _GLIMPSE(book, name)


def _read_or_refused(path: Path) -> tuple[Draft | None, VongLauError | None]:
    try:
        return _read(path), None
    except VongLauError as error:
        return None, error


def run(store: Store, seeds: range, folder: Path) -> Iterator[tuple[int, str]]:
    """Give seed and outcome of each; tracebacks and hangs are outcomes too."""
    for alarm in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(alarm, _hung)
    for seed in seeds:
        name, content = mutated(seed)
        path = folder / f"mutated{Path(name).suffix}"
        path.write_bytes(content)
        signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
        signal.setitimer(signal.ITIMER_PROF, MOST_CPU_SECONDS)
        try:
            said = outcome(store, path)
        except TimeoutError:
            said = f"HANG {name}"
        except Exception as error:  # noqa: BLE001  whatever comes is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            said = f"TRACEBACK {name} {error!r} at {Path(last.filename).name}:{last.lineno}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
        yield seed, said


def _hung(*_: object) -> None:
    raise TimeoutError


def _work(city: Path, seeds: range, results: multiprocessing.Queue[tuple[int, str]]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(city)
        for item in run(store, seeds, Path(folder)):
            results.put(item)
        store.close()


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Mutate, import, count, print."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    began, cpu = time.perf_counter(), time.process_time()
    found: dict[int, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        city = Path(folder) / "city.db"
        small_city(city).close()
        at = first
        while at < first + n:
            end = min(at + BATCH, first + n)
            results: multiprocessing.Queue[tuple[int, str]] = multiprocessing.Queue()
            worker = multiprocessing.Process(target=_work, args=(city, range(at, end), results))
            worker.start()
            while worker.is_alive() or not results.empty():
                while not results.empty():
                    seed, said = results.get()
                    found[seed] = said
                time.sleep(0.05)
            worker.join()
            while at in found:
                at += 1
            if at < end:  # the process died at this one
                found[at] = f"CRASH {mutated(at)[0]} exit {worker.exitcode}"
                at += 1
    kinds = Counter(said.split(" ")[0].rstrip(":") for said in found.values())
    say(f"{len(found):,} files, seeds {first} to {first + n - 1}: {dict(kinds)}")
    for code, count in Counter(s for s in found.values() if s.startswith("refused")).most_common():
        say(f"  {count:6,} {code}")
    for seed, said in sorted(found.items()):
        if said.split(" ")[0].isupper():
            say(f"  seed {seed}: {said}")
    spent = time.process_time() - cpu
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent += children.ru_utime + children.ru_stime
    say(f"{spent:.0f} CPU s, {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
