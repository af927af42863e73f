"""What the months ahead, the funnel and the ranks say, in one or two sentences each."""

from __future__ import annotations

from analysis.funnels import LEVELS
from dashboard.names import plain
from dashboard.printing import print_lines
from dashboard.questions.month_series import Forecast
from dashboard.questions.month_wards import WardsAnswer
from dashboard.texts import Texts

N_NAMED = 6
SURE = 0.95


def forecast_line(say: Texts, found: Forecast) -> str:
    """Say what each of the next months is foreseen to bring."""
    return " ".join(
        say(
            "month.ahead_said",
            month=say.month(row["month"].date()),
            n=round(row["mean"]),
            low=round(row["low"]),
            high=round(row["high"]),
        )
        for row in found.ahead.to_dict("records")
    )


def record_line(say: Texts, found: Forecast) -> str:
    """Say how far off such forecasts were, and whether last year's figure did better."""
    record = found.record
    if record.empty:
        return say("month.ahead_unscored")
    n = int(record["n"].sum())
    ours, naive = (float((record[name] * record["n"]).sum()) / n for name in ("mae", "mae_naive"))
    told = say(
        "month.ahead_record",
        scored=n,
        mae=say.number(ours, 1),
        naive=say.number(naive, 1),
        inside=int(record["n_inside"].sum()),
    )
    return f"{told} {say('month.ahead_better' if found.is_better else 'month.ahead_worse')}"


def print_forecast(texts: Texts, found: Forecast | None) -> None:
    """Print the months ahead and how well such forecasts did, where there are any."""
    if found is not None:
        lines = (forecast_line(texts, found), record_line(texts, found))
        print_lines("", *(line.replace("**", "") for line in lines))


def funnel_line(say: Texts, found: WardsAnswer) -> str:
    """Say which wards' rates lie outside the limits, and how many would by chance."""
    wards = found.wards[found.wards["side"].notna()]
    outside = wards[wards["side"] != "within"]
    outside = outside.sort_values("z", key=abs, ascending=False, kind="stable")
    expected = say.number((1 - LEVELS[0]) * len(wards), 1)
    if outside.empty:
        said = say("month.funnel_none", expected=expected)
    else:
        names = _names([str(name) for name in outside["name"]])
        said = say("month.funnel_said", n=len(outside), expected=expected, names=names)
    if found.n_without:
        said = f"{said} {say('month.funnel_without', n=found.n_without)}"
    return said


def ranks_line(say: Texts, found: WardsAnswer) -> str:
    """Say which wards are surely among the quarter with the highest rates."""
    wards = found.wards.sort_values("rank", kind="stable")
    sure = wards[wards["top_quarter_share"] >= SURE]
    if sure.empty:
        return say("month.ranks_none")
    return say("month.ranks_said", n=len(sure), names=_names([str(name) for name in sure["name"]]))


def _names(names: list[str]) -> str:
    told = ", ".join(plain(name) for name in names[:N_NAMED])
    return told if len(names) <= N_NAMED else f"{told}, +{len(names) - N_NAMED}"
