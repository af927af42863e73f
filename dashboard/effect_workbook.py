"""A before/after comparison as a spreadsheet: the counts, the result, the months."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard import verdict_words
from dashboard.figures import effect_table
from dashboard.questions.evaluation import GROUNDS, EvaluationAnswer
from dashboard.texts import Texts
from data.store import Store, StoreProperties, current_actor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Value = str | float | None


def file_name(found: EvaluationAnswer) -> str:
    """Name the file by the day of the change."""
    return f"vonglau-{found.installed_on:%Y-%m-%d}-before-after.xlsx"


def export_comparison(
    store: Store, say: Texts, found: EvaluationAnswer, *, name: str, notes: Sequence[str]
) -> bytes:
    """Hand out a comparison as a spreadsheet, and write into the audit that it was."""
    with store.begin(actor=current_actor()) as transaction:
        transaction.record(
            "export", layer="before_after", installed_on=found.installed_on.isoformat()
        )
    return workbook(say, found, properties=store.properties, name=name, notes=notes)


def workbook(
    say: Texts,
    found: EvaluationAnswer,
    *,
    properties: StoreProperties,
    name: str,
    notes: Sequence[str],
) -> bytes:
    """Write the comparison.

    Parameters
    ----------
    say
        The reader's language.
    found
        The comparison.
    properties
        The store's: its city, and whether its data are simulated, which is then said on top.
    name
        What is evaluated, in words.
    notes
        Lines under the title: filters, what was left out, cautions.

    Returns
    -------
    bytes
        An XLSX file with a sheet of results and a sheet of months.
    """
    top = [say("effect.sheet_title", name=name, city=properties.city)]
    if properties.is_simulated:
        top.append(say("common.simulated_foot", city=properties.city))
    top.extend(notes)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        title = book.add_format({"bold": True, "font_size": 14})
        heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F5F6F4"})
        sheet = book.add_worksheet(say("effect.sheet_results"))
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 7, 16)
        for row, line in enumerate(top):
            sheet.write_string(row, 0, line, title if row == 0 else None)
        below = _write(sheet, len(top) + 1, _count_rows(say, found), heading)
        _write(sheet, below + 1, _result_rows(say, found), None)
        months = book.add_worksheet(say("effect.sheet_months"))
        months.set_column(0, 0, 44)
        _write(months, 0, _month_rows(say, found), heading)
    return buffer.getvalue()


def _write(
    sheet: Worksheet, top: int, rows: Sequence[Sequence[Value]], heading: Format | None
) -> int:
    """Write rows, the first in the style of headings; the row below the last."""
    for row, values in enumerate(rows, start=top):
        style = heading if row == top else None
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value, style)
            elif value is not None:
                sheet.write_number(row, column, value, style)
    return top + len(rows)


def _count_rows(say: Texts, found: EvaluationAnswer) -> list[list[Value]]:
    keys = ("sheet_area", "sheet_population", "sheet_rate_before", "sheet_rate_after")
    rows: list[list[Value]] = [
        [say(f"effect.{key}") for key in ("col_ground", "col_before", "col_after", *keys)]
    ]
    compared = found.comparison
    sizes = {
        verdict_words.ground_name(say, found, ground): counts
        for ground, counts in (
            ("treated", compared.treated),
            ("displacement", compared.displacement),
            ("control", compared.control),
        )
        if counts is not None
    }
    table = effect_table.counts(say, found)
    for ground, n_before, n_after in table[["ground", "n_before", "n_after"]].to_numpy().tolist():
        values: list[Value] = [ground, n_before, n_after]
        size = sizes.get(ground)
        if size is not None:
            values += [size.area_m2, size.population]
            values += [size.rate_per_10k_before, size.rate_per_10k_after]
        rows.append(values)
    return rows


def _result_rows(say: Texts, found: EvaluationAnswer) -> list[list[Value]]:
    compared, ring, wdd = found.comparison, found.displacement_ratio, found.comparison.wdd
    rows: list[list[Value]] = [
        [say("effect.sheet_verdict"), say(f"verdict.{compared.verdict}")],
    ]
    why = say("effect.sheet_reason")
    rows += [[why, say(f"verdict_reason.{reason}")] for reason in compared.reasons]
    rows.append([say("effect.sheet_expected"), compared.n_expected_after])
    ratio = (compared.rirr, compared.rirr_low, compared.rirr_high)
    rows += _with_interval(say, say("effect.sheet_rirr"), *ratio)
    if ring is not None:
        rows += _with_interval(say, say("effect.sheet_ring"), ring.ratio, ring.low, ring.high)
    if wdd is not None:
        rows += _with_interval(say, say("effect.sheet_wdd"), wdd.estimate, wdd.low, wdd.high)
        rows.append([say("effect.sheet_se"), wdd.se])
    rows += [
        [say("effect.sheet_p"), compared.p_textbook],
        [say("effect.sheet_phi"), compared.dispersion],
        [say("effect.sheet_places"), compared.n_dispersion_places],
    ]
    return rows


def _with_interval(
    say: Texts, name: str, value: float | None, low: float | None, high: float | None
) -> list[list[Value]]:
    return [
        [name, value],
        [say("effect.sheet_low", name=name), low],
        [say("effect.sheet_high", name=name), high],
    ]


def _month_rows(say: Texts, found: EvaluationAnswer) -> list[list[Value]]:
    names = [verdict_words.ground_name(say, found, ground) for ground in GROUNDS]
    rows: list[list[Value]] = [[say("effect.sheet_offset"), *names]]
    rows += found.months[["offset", *GROUNDS]].to_numpy().tolist()
    return rows
