"""What the bulletin says in sentences: the headline, what to know, what the data cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import trends
from dashboard import alert_words, hot_spot_words, sentences
from dashboard.questions import overview
from dashboard.questions.bulletin import Bulletin
from dashboard.reports import bulletin_letter
from dashboard.reports.bare_words import unmarked
from dashboard.reports.bulletin_tables import MOST_ALERTS
from dashboard.texts import Texts
from data.store import StoreProperties

FEW = 10
"""With fewer incidents in a month there are no percentages."""

MOST_NAMES = 5
HECTARE_M2 = 10_000


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The bulletin's sentences, without markup.

    Parameters
    ----------
    title, subject
        Its name with the city, and what the letter is about.
    simulated
        That the data are simulated; empty for real ones.
    headline
        The month in one or two sentences.
    summary, alerts, where, cameras, footage, cannot, method
        The sentences of each section.
    foot
        The foot of every page: the city and the last day of the data.
    """

    title: str
    subject: str
    simulated: str
    headline: str
    summary: tuple[str, ...]
    alerts: tuple[str, ...]
    where: tuple[str, ...]
    cameras: tuple[str, ...]
    footage: tuple[str, ...]
    cannot: tuple[str, ...]
    method: tuple[str, ...]
    foot: str


def wording(say: Texts, found: Bulletin, *, properties: StoreProperties) -> Wording:
    """Put a bulletin's figures into sentences."""
    month = bulletin_letter.spoken_month(say, found.request.month)
    until = say.day(found.month.request.today)
    is_simulated = properties.is_simulated
    return Wording(
        title=say("bulletin.title", month=month, city=properties.city),
        subject=say("bulletin.subject", month=month),
        simulated=say("common.simulated_foot", city=properties.city) if is_simulated else "",
        headline=unmarked(sentences.overview_lead(say, found.month, found.past.cameras.iloc[-1])),
        summary=_summary(say, found),
        alerts=_alerts(say, found),
        where=_where(say, found),
        cameras=_cameras(say, found),
        footage=_footage(say, found),
        cannot=_cannot(say, found),
        method=(
            say("bulletin.made", day=say.day(found.request.today), until=until),
            *(_sentence(line) for line in sentences.month_foot(say, found.month)),
            *_ward_method(say, found),
            say("bulletin.method_seen"),
        ),
        foot=say("bulletin.foot", city=properties.city, day=until),
    )


def _summary(say: Texts, found: Bulletin) -> tuple[str, ...]:
    city, year = found.month, found.year
    n_judged = int(city.table["p_value"].notna().sum())
    lines = [say("month.not_judged")]
    if n_judged:
        lines = [
            say(
                "month.alerts",
                n=len(found.alerts),
                rows=n_judged,
                expected=say.number(city.expected_false_alarms, 2),
            )
        ]
    if found.alerts:
        where = sentences.row_name(say, found.alerts[0].row)
        lines[0] += " " + say("month.look_at", where=where)
    day, begin = say.day(found.until), city.records_begin_on
    if begin is not None and begin > year.since:
        lines.append(
            say("bulletin.year_since", since=say.day(begin), day=day, n=say.number(year.n))
        )
    elif year.n_last_year is None:
        lines.append(say("bulletin.year_alone", day=day, n=say.number(year.n)))
    else:
        lines.append(
            say(
                "bulletin.year",
                day=day,
                n=say.number(year.n),
                before=say.number(year.n_last_year),
                difference=say.signed(year.n - year.n_last_year),
            )
        )
    lines.extend(sentences.month_warnings(say, city))
    return tuple(unmarked(line) for line in lines)


def _alerts(say: Texts, found: Bulletin) -> tuple[str, ...]:
    n_judged = int(found.month.table["p_value"].notna().sum())
    if not n_judged:
        return (say("month.not_judged"),)
    expected = say.number(found.month.expected_false_alarms, 2)
    lines = [
        say("bulletin.alerts_by_chance", expected=expected, rows=n_judged)
        if found.alerts
        else say("bulletin.no_alert", rows=n_judged, expected=expected)
    ]
    if len(found.alerts) > MOST_ALERTS:
        lines.append(say("bulletin.more_alerts", n=len(found.alerts) - MOST_ALERTS))
    told = alert_words.sensitivity_line(say, found.sensed)
    return (*lines, *([unmarked(told)] if told else []))


def _where(say: Texts, found: Bulletin) -> tuple[str, ...]:
    if found.hot_spots is None:
        return (say("bulletin.no_points"),)
    return tuple(unmarked(line) for line in hot_spot_words.lines(say, found.hot_spots))


def _cameras(say: Texts, found: Bulletin) -> tuple[str, ...]:
    if not found.cameras.iloc[0]["n_installed"]:
        return (say("bulletin.no_cameras"),)
    lines = []
    worst = found.seen.worst_ward
    if worst is not None:
        lines.append(
            say(
                "bulletin.worst_ward",
                ward=str(worst["name"]),
                n=say.number(worst["n_not_working"]),
                installed=say.number(worst["n_cameras_installed"]),
            )
        )
    gap = found.seen.gap
    if gap is not None:
        lines.append(
            say(
                "bulletin.gap",
                ward=str(found.seen.table.loc[gap["ward_code"], "name"]),
                n=say.number(gap["n_incidents_per_year"]),
                area=say.number(gap["area_m2"] / HECTARE_M2, 1),
            )
        )
    return tuple(lines)


def _footage(say: Texts, found: Bulletin) -> tuple[str, ...]:
    return () if found.asked_in_year.total["n_requests"] else (say("bulletin.no_requests"),)


def _cannot(say: Texts, found: Bulletin) -> tuple[str, ...]:
    """Say what the month's figures leave open, the gravest first."""
    n = float(found.month.city["n"])
    lines = []
    if n == 0:
        lines.append(say("bulletin.cannot_none"))
    elif n < FEW:
        lines.append(say("bulletin.cannot_few", n=round(n)))
    if found.wards_without_population:
        names = _some(say, found.wards_without_population)
        lines.append(say("bulletin.cannot_population", wards=names))
    if found.hot_spots is not None and found.hot_spots.n_unlocated:
        lines.append(say("bulletin.cannot_unplaced", n=found.hot_spots.n_unlocated))
    if round(found.hours.n_left_out):
        lines.append(say("bulletin.cannot_hours", n=round(found.hours.n_left_out)))
    if found.seen.n_all_round:
        lines.append(say("bulletin.cannot_round", n=found.seen.n_all_round))
    return (*lines, say("bulletin.cannot_reported"), say("bulletin.cannot_cause"))


def map_in_words(say: Texts, found: Bulletin) -> str:
    """Say what the map shows, for those who cannot see it; empty where there is none."""
    spots = found.hot_spots
    if spots is None:
        return ""
    return say(
        "bulletin.map_alt",
        located=say.number(spots.n_located),
        n=int(spots.cells["is_hot"].sum()),
        wards=say.number(len(alert_wards(found))),
    )


def map_legend(say: Texts, found: Bulletin) -> str:
    """Say what the map's colours and outlines mean; empty where there is none."""
    spots = found.hot_spots
    if spots is None:
        return ""
    most = say.number(int(spots.cells["n"].max()))
    return say("bulletin.map_legend", least=say.number(1), most=most)


def _some(say: Texts, names: Sequence[str]) -> str:
    if len(names) <= MOST_NAMES:
        return ", ".join(names)
    more = say.number(len(names) - MOST_NAMES)
    return say("bulletin.and_more", names=", ".join(names[:MOST_NAMES]), n=more)


def _ward_method(say: Texts, found: Bulletin) -> tuple[str, ...]:
    """Say how wards were compared with last year, where any was."""
    n_wards = overview.n_compared_wards(found.month)
    if not n_wards:
        return ()
    by_chance = say.number((1 - overview.LEVEL) * n_wards, 1)
    return (_sentence(say("overview.foot_wards", n=n_wards, by_chance=by_chance)),)


def _sentence(clause: str) -> str:
    """Write a clause of a page's foot as a sentence.

    Examples
    --------
    >>> _sentence("population: census 2019")
    'Population: census 2019.'
    """
    bare = unmarked(clause)
    return f"{bare[:1].upper()}{bare[1:]}" + ("" if bare.endswith(".") else ".")


def alert_wards(found: Bulletin) -> dict[str, str]:
    """Give the wards with an alert of their own, and its direction, by ward code."""
    wards: dict[str, str] = {}
    for alert in found.alerts:
        if alert.key.ward_code != trends.ALL:
            wards.setdefault(alert.key.ward_code, str(alert.row["direction"]))
    return wards
