"""Headings to fields: which column of a file stands for what.

A heading is known or it is not: word by word, folded, from ``data/reference/headings.csv``.
Likeness is not enough, because *Người báo tin* (a person) is almost *Ngày báo tin* (a day). A few
headings stand for two fields; then the contents decide. Under a heading that nobody knows the
contents are all there is: :mod:`data.importing.tables.column_contents`.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from zoneinfo import ZoneInfo

from data.folding import fold, fold_ward
from data.importing.errors import PersonalColumnError, UnknownFieldError, UnknownHeadingError
from data.importing.files.cell import Cell
from data.importing.locating.surroundings import UNKNOWN, Surroundings
from data.importing.records import CONTENTS_ALONE
from data.importing.tables import column_contents
from data.importing.tables.case_life import names_the_deed
from data.importing.values import moments

STORED_FIELDS: Mapping[str, tuple[str, ...]] = {
    "incidents": (
        "case_id",
        "unit",
        "datetime",
        "date",
        "time",
        "end_datetime",
        "end_date",
        "end_time",
        "is_time_known",
        "date_reported",
        "longitude",
        "latitude",
        "x_north",
        "y_east",
        "position",
        "location_quality",
        "ward",
        "ward_code",
        "division",
        "place",
        "street",
        "house_no",
        "hamlet",
        "offence",
        "article",
        "outcome",
        "is_cleared",
        "is_camera_used",
        "damage",
        "summary",
    ),
    "cameras": (
        "camera_id",
        "name",
        "longitude",
        "latitude",
        "x_north",
        "y_east",
        "position",
        "ward",
        "ward_code",
        "kind",
        "bearing_deg",
        "fov_deg",
        "range_m",
        "height_m",
        "resolution_mp",
        "focal_mm",
        "owner",
        "funding",
        "wave",
        "installed_on",
        "removed_on",
        "state",
        "retention_days",
        "tilt_deg",
        "bearing_error_deg",
        "device_id",
        "model_id",
        "programme_id",
        "cost",
    ),
    "sites": (
        "site_id",
        "name",
        "longitude",
        "latitude",
        "x_north",
        "y_east",
        "position",
        "ward",
        "ward_code",
        "kind",
        "status",
        "has_power",
        "has_fibre",
        "n_heads",
        "cost",
    ),
    "wards": ("code", "name", "population", "population_source"),
    "streets": ("id", "name", "kind"),
    "buildings": ("id", "height_m", "levels"),
    "land_cover": ("id", "kind"),
    "zones": ("zone_id", "name", "kind"),
    "schools": (
        "school_id",
        "name",
        "longitude",
        "latitude",
        "x_north",
        "y_east",
        "position",
        "ward",
        "ward_code",
        "opens_at",
        "closes_at",
        "programme_id",
    ),
    "places": (
        "place_id",
        "name",
        "kind",
        "longitude",
        "latitude",
        "x_north",
        "y_east",
        "position",
    ),
    "population": ("division", "ward", "ward_code", "population", "source"),
    "states": ("camera_id", "state", "date", "until", "fault", "repair_cost"),
    "models": (
        "model_id",
        "maker",
        "name",
        "kind",
        "pixels_across",
        "focal_mm",
        "fov_deg",
        "vertical_fov_deg",
        "detect_m",
        "observe_m",
        "recognise_m",
        "identify_m",
        "lamp_m",
        "cost",
    ),
    "programmes": (
        "programme_id",
        "name",
        "kind",
        "division",
        "ward",
        "ward_code",
        "started_on",
        "ended_on",
        "n_members",
    ),
    "tips": (
        "tip_id",
        "received_at",
        "received_on",
        "received_time",
        "received_from",
        "longitude",
        "latitude",
        "x_north",
        "y_east",
        "position",
        "place",
        "division",
        "ward",
        "ward_code",
        "category",
        "is_usable",
        "outcome",
        "case_id",
        "programme_id",
    ),
    "footage": (
        "request_id",
        "requested_at",
        "unit",
        "case_id",
        "category",
        "asked_from",
        "asked_until",
        "longitude",
        "latitude",
        "x_north",
        "y_east",
        "position",
        "place",
        "division",
        "ward",
        "ward_code",
        "camera_ids",
        "found_on",
        "answer",
        "answered_on",
        "is_clarified",
    ),
    "crosswalk": ("from_division", "from_code", "to_division", "to_code", "share"),
}
"""What each layer can take from a file; everything else is left at the door."""

FREE_TEXT = frozenset({"summary"})
"""Fields that no guess takes: a person has to map their column."""

_SURE = 1.0
_WITHOUT_BRACKETS = 0.9
_BY_CONTENTS = 0.8
SAMPLE = 50
"""Rows that are looked at where a heading stands for two fields."""
_HAPPENED = re.compile(r"\bxr\b")
_OF_THE_CASE = re.compile(r" (?:cua )?(?:vu viec|su viec|vu an)$|^(?:thong tin ve|thong tin) ")
"""What a heading may say besides, and means the same without."""
_BRACKETS = re.compile(r"[(\[](.*?)[)\]]")
_COUNTED = re.compile(
    r"(?:(?:ve|so|so luong) )?(?:nguoi|nguoi chet|chet|bi thuong|nguoi bi thuong|thuong vong|vu"
    r"|chiec|cai|persons?|people|dead|deaths?|injured|casualties|personnes?|morts?|blesses?)"
)
"""What a bracket behind *Thiệt hại* says where it is a count, and no amount of money."""
_MINUTES = re.compile(r"phut|minutes?|mins?|mn")
"""What a bracket says of how long something took: *Khoảng thời gian (phút)*."""
_HOURS = frozenset({"time", "datetime"})
_TOLD_OF_A_DEED = frozenset({"date", "datetime", "time", "place", "ward"})
"""Fields of which a heading that names the deed goes before one that names nothing."""
_AS_TOLD_BY = ("theo ", "do ", "according to ", "as told by ", "selon ", "d apres ")
"""How a bracket begins that says from whom something is known: *(theo bị hại)*."""
_NOT_OF_A_LIFE = frozenset({"phone", "email", "ip_address", "plate", "id_no"})
"""Personal data that a bracket may name beside a thing: *Loại (biển số xe)* is a kind of camera."""


@dataclass(frozen=True)
class Known:
    """A field that a heading may stand for: in which languages, and how early in the list."""

    field: str
    languages: frozenset[str]
    rank: int


@dataclass(frozen=True, kw_only=True)
class ColumnMap:
    """Which columns are taken, as what, and which are left.

    ``columns`` leads from the field to the column's place, counted from 0; ``confidence`` from the
    field to how sure that is, at most ``CONTENTS_ALONE`` where no heading tells it.
    """

    columns: Mapping[str, int]
    confidence: Mapping[str, float]
    languages: Mapping[str, frozenset[str]]
    dropped_personal: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def by_heading(self) -> frozenset[str]:
        """The fields that a heading or a person tells."""
        return frozenset(name for name in self.columns if self.confidence[name] > CONTENTS_ALONE)


def unique_headings(row: Sequence[Cell]) -> tuple[str, ...]:
    """Write a row of headings as texts; one that comes again gets a number behind it.

    Examples
    --------
    >>> unique_headings(["Ngày", None, "Ghi chú", "Ghi chú"])
    ('Ngày', '', 'Ghi chú', 'Ghi chú (2)')
    """
    headings: list[str] = []
    for cell in row:
        text = " ".join(str(cell).split()) if cell is not None else ""
        n = 1 + sum(heading == text or heading.startswith(f"{text} (") for heading in headings)
        headings.append(f"{text} ({n})" if text and text in headings else text)
    return tuple(headings)


def map_columns(
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    layer: str,
    *,
    asked: Mapping[str, str],
    around: Surroundings = UNKNOWN,
) -> ColumnMap:
    """Map columns to fields: those asked for, then what is known, then what the contents show.

    Parameters
    ----------
    headings
        Unique headings, one a column.
    rows
        Data rows; the first ones are looked at where a heading stands for two fields, or none.
    layer
        What the file is to become.
    asked
        Field to heading; an empty heading leaves the field out.
    around
        What the store knows of the city: its wards and where they lie.

    Raises
    ------
    UnknownFieldError, UnknownHeadingError
        ``asked`` names what there is not.
    PersonalColumnError
        ``asked`` wants a column of personal data.
    """
    columns = _asked_columns(headings, layer, asked)
    confidence = dict.fromkeys(columns, _SURE)
    taken = set(columns.values())
    closed = {name for name, heading in asked.items() if not heading} | set(columns)
    guesses: list[tuple[bool, float, int, int, str]] = []
    of_days: set[int] = set()
    clear = {
        found[0].field for heading in headings if len(found := recognise(heading, layer)[0]) == 1
    }
    for i, heading in enumerate(headings):
        if i in taken or is_personal(heading, layer=layer):
            continue
        found, sure = recognise(heading, layer)
        column = [row[i] if i < len(row) else None for row in rows[:SAMPLE]]
        is_of_deed = layer == "incidents" and names_the_deed(heading)
        if is_of_deed and _holds_days(column):
            of_days.add(i)
        if len(found) > 1:
            found, sure = (_by_contents(found, column, clear),), _BY_CONTENTS
        elif not found and i in of_days:
            found, sure = (Known("date", frozenset(), len(_table())),), _BY_CONTENTS
        elif layer == "incidents" and [each.field for each in found] == ["datetime"]:
            found = (replace(found[0], field="time"),) if _holds_hours(column) else found
        guesses += [
            (not (is_of_deed and known.field in _TOLD_OF_A_DEED), -sure, known.rank, i, known.field)
            for known in found
        ]
    has_moments = False
    for is_bare, negative, _, i, name in sorted(guesses):
        is_offered = name in STORED_FIELDS[layer] and name not in FREE_TEXT
        if is_bare and name == "date" and has_moments:
            continue  # beside the day of the deed it is another
        if is_offered and name not in closed and i not in taken:
            columns[name], confidence[name] = i, -negative
            closed.add(name)
            taken.add(i)
            has_moments = has_moments or (name == "datetime" and i in of_days)
    personal = tuple(heading for heading in headings if is_personal(heading, layer=layer))
    unknown = [
        i
        for i, heading in enumerate(headings)
        if i not in taken and heading not in personal and not _is_of_field(heading, layer)
    ]
    guessed = column_contents.guess(
        headings, rows[:SAMPLE], layer, among=unknown, told=closed, around=around,
        is_about_persons=bool(personal),
    )  # fmt: skip
    for name, made in guessed.items():
        columns[name], confidence[name] = made.column, CONTENTS_ALONE * made.share
        taken.add(made.column)
    return ColumnMap(
        columns=columns,
        confidence=confidence,
        languages={name: _languages(headings[i], layer, name) for name, i in columns.items()},
        dropped_personal=personal,
        ignored=tuple(
            heading
            for i, heading in enumerate(headings)
            if heading and i not in taken and heading not in personal
        ),
    )


def tell_days(headings: Sequence[str], rows: Sequence[Sequence[Cell]], layer: str) -> bool:
    """Tell whether a heading is that of days; *Thời gian* over hours alone is none.

    Examples
    --------
    >>> [tell_days(["Thời gian"], [[cell]], "incidents") for cell in ("22h", "8/3/2024")]
    [False, True]
    """
    for i, heading in enumerate(headings):
        fields = {known.field for known in recognise(heading, layer)[0]}
        if "date" in fields:
            return True
        if "datetime" in fields:
            column = [row[i] for row in rows[:SAMPLE] if i < len(row)]
            if not _holds_hours(column):
                return True
    return False


def recognise(heading: str, layer: str) -> tuple[tuple[Known, ...], float]:
    """Tell which fields a heading may stand for, and how sure that is.

    Examples
    --------
    >>> found, sure = recognise("NGAY XAY RA (dd/mm/yyyy)", "incidents")
    >>> found[0].field, sure
    ('date', 0.9)
    >>> recognise("Địa điểm xảy ra vụ án", "incidents")[0][0].field
    'place'
    >>> recognise("Phường (nơi ở bị hại)", "incidents")
    ((), 0.0)
    >>> recognise("Thiệt hại (người)", "incidents")
    ((), 0.0)
    """
    known = _known(layer)
    if (whole := known.get(fold(heading))) is not None:
        return whole, _SURE
    brackets = _BRACKETS.findall(heading)
    if any(map(_is_of_a_person, brackets)):
        return (), 0.0
    bare = _BRACKETS.sub(" ", heading)
    for text, sure in (
        (fold(bare), _WITHOUT_BRACKETS),
        (_OF_THE_CASE.sub("", _HAPPENED.sub("xay ra", fold(bare))), _WITHOUT_BRACKETS),
    ):
        found = known.get(text)
        if found and not _measures_another(found, brackets):
            return found, sure
    return (), 0.0


def known_heading(layer: str, field: str, *, language: str) -> str:
    """Give the heading that a template should use for a field: the first one listed.

    Raises
    ------
    UnknownFieldError
        The layer has no such field, or no heading in this language.

    Examples
    --------
    >>> known_heading("incidents", "date", language="vi")
    'Ngày xảy ra'
    """
    for line in _table():
        if (line["layer"], line["field"], line["language"]) == (layer, field, language):
            return line["heading"]
    raise UnknownFieldError(field=field, layer=layer)


def is_personal(heading: str, *, layer: str | None = None) -> bool:
    """Tell whether a heading names personal data; one that a layer knows is not.

    Examples
    --------
    >>> is_personal("Họ tên bị hại"), is_personal("Số CCCD/CMND"), is_personal("Ngày xảy ra")
    (True, True, False)
    >>> is_personal("Phường (nơi ở bị hại)", layer="incidents")
    True
    """
    if layer is not None and recognise(heading, layer)[0]:
        return False
    return _names_any(fold(heading), _personal())


def _is_of_a_person(bracket: str) -> bool:
    """Tell whether a bracket says whose a thing is, and not who told of it."""
    folded = fold(bracket)
    return not f"{folded} ".startswith(_AS_TOLD_BY) and _names_any(folded, _personal(of_life=True))


def _measures_another(found: Sequence[Known], brackets: Sequence[str]) -> bool:
    """Tell whether a bracket says that not money, or not an hour, is counted below it."""
    fields = {known.field for known in found}
    units = [fold(bracket) for bracket in brackets]
    return (fields == {"damage"} and any(map(_COUNTED.fullmatch, units))) or (
        fields <= _HOURS and any(map(_MINUTES.fullmatch, units))
    )


def _names_any(folded: str, phrases: frozenset[str]) -> bool:
    return any(f" {phrase} " in f" {folded} " for phrase in phrases)


def _asked_columns(headings: Sequence[str], layer: str, asked: Mapping[str, str]) -> dict[str, int]:
    places = {fold(heading): i for i, heading in reversed(list(enumerate(headings))) if heading}
    columns: dict[str, int] = {}
    for name, heading in asked.items():
        if name not in STORED_FIELDS[layer]:
            raise UnknownFieldError(field=name, layer=layer)
        if not heading:
            continue
        if heading in headings:
            columns[name] = headings.index(heading)
        elif fold(heading) in places:
            columns[name] = places[fold(heading)]
        else:
            raise UnknownHeadingError(heading=heading, headings=list(headings))
        if is_personal(heading, layer=layer):
            raise PersonalColumnError(heading=heading)
    return columns


def _by_contents(found: Sequence[Known], column: Sequence[Cell], clear: set[str]) -> Known:
    """Choose between the fields that a heading stands for, by what stands under it."""
    by_name = {known.field: known for known in found}
    filled = [cell for cell in column if cell is not None]
    if by_name.keys() == {"datetime", "time"}:
        return by_name["datetime" if _mostly(_has_day, filled) else "time"]
    if by_name.keys() == {"date", "date_reported"}:
        return by_name["date_reported" if clear & {"date", "datetime"} else "date"]
    if by_name.keys() == {"place", "ward"}:
        return by_name["ward" if _mostly(_names_a_ward, filled) else "place"]
    return min(found, key=lambda known: known.rank)


def _mostly(test: Callable[[Cell], bool], cells: Sequence[Cell]) -> bool:
    return 2 * sum(map(test, cells)) > len(cells)


def _has_day(cell: Cell) -> bool:
    try:
        return bool(moments.find(cell, zone=ZoneInfo("UTC")).days)
    except moments.UnreadableMomentError:
        return isinstance(cell, str) and len(re.findall(r"\d+", cell)) >= 3


def _holds_days(cells: Sequence[Cell]) -> bool:
    """Tell whether most of the filled cells are days, and not whole numbers."""
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and _mostly(
        lambda cell: not isinstance(cell, int | float) and _has_day(cell), filled
    )


def _holds_hours(cells: Sequence[Cell]) -> bool:
    """Tell whether most of the filled cells are hours without a day."""
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and _mostly(_is_hour, filled)


def _is_hour(cell: Cell) -> bool:
    try:
        found = moments.find(cell, zone=ZoneInfo("UTC"))
    except moments.UnreadableMomentError:
        return False
    return bool(found.times) and not found.days


def _names_a_ward(cell: Cell) -> bool:
    return isinstance(cell, str) and fold_ward(cell) != fold(cell)


def _is_of_field(heading: str, layer: str) -> bool:
    """Tell whether a heading stands for something that is stored; *N°* is known, and does not."""
    return any(known.field in STORED_FIELDS[layer] for known in recognise(heading, layer)[0])


def _languages(heading: str, layer: str, name: str) -> frozenset[str]:
    return frozenset().union(
        *(known.languages for known in recognise(heading, layer)[0] if known.field == name)
    )


@functools.cache
def _table() -> tuple[dict[str, str], ...]:
    path = resources.files("data") / "reference" / "headings.csv"
    with path.open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


@functools.cache
def _known(layer: str) -> Mapping[str, tuple[Known, ...]]:
    known: dict[str, dict[str, Known]] = {}
    for rank, line in enumerate(_table()):
        if line["layer"] == layer:
            fields = known.setdefault(fold(line["heading"]), {})
            old = fields.get(line["field"], Known(line["field"], frozenset(), rank))
            fields[line["field"]] = Known(old.field, old.languages | {line["language"]}, old.rank)
    return {heading: tuple(fields.values()) for heading, fields in known.items()}


@functools.cache
def _personal(*, of_life: bool = False) -> frozenset[str]:
    left_out = _NOT_OF_A_LIFE if of_life else frozenset()
    return frozenset(
        fold(line["heading"])
        for line in _table()
        if line["is_personal"] == "1" and line["field"] not in left_out
    )
