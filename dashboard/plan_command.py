"""The command that plans: ask, print, save, write."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from dashboard import plan_files
from dashboard.plan_words import has_plan, print_plan, troubles
from dashboard.printing import plain, print_json, print_lines
from dashboard.questions import field, looks, plan, plan_basis, plan_request
from dashboard.questions.plan_request import PlanRequest
from dashboard.texts import Texts
from data import scenarios
from data.store import Store, current_actor


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to do with a plan beside printing it.

    Parameters
    ----------
    again
        The number of a saved plan whose request is asked again.
    save
        The name to save it under.
    out
        The file to write it to.
    sheet
        The PDF to write its field sheet to.
    as_json
        Print one JSON object.
    """

    again: int | None = None
    save: str | None = None
    out: Path | None = None
    sheet: Path | None = None
    as_json: bool = False


def run(store: Store, request: PlanRequest, *, wanted: Wanted, texts: Texts) -> bool:
    """Plan, print, and save or write what there is; False when there is no plan."""
    parent = None if wanted.again is None else scenarios.read(store, wanted.again)
    if parent is not None:
        request = plan_request.from_plain(parent.request)
    basis = plan_basis.build(store, request, ground=looks.ground(store))
    found = plan.answer(basis, start=parent.result["choices"] if parent else ())
    told = plain(plan.as_json(found))
    if has_plan(found) and wanted.out is not None:
        plan_files.write_plan(store, found, wanted.out, actor=current_actor(), texts=texts)
    if has_plan(found) and wanted.sheet is not None:
        _write_sheet(store, found, wanted.sheet, name=wanted.save, texts=texts)
    scenario_id = None
    if has_plan(found) and wanted.save is not None:
        scenario_id = scenarios.save(
            store,
            wanted.save,
            request=told["request"],
            result=told,
            actor=current_actor(),
            parent_id=wanted.again,
        )
    if wanted.as_json:
        print_json({**told, "scenario_id": scenario_id})
    elif has_plan(found):
        print_plan(texts, found)
    if not has_plan(found):
        sys.stderr.write("\n".join(troubles(texts, found)) + "\n")
    elif scenario_id is not None and not wanted.as_json:
        print_lines(texts("plan.saved", name=wanted.save, scenario=str(scenario_id)))
    return has_plan(found)


def _write_sheet(
    store: Store, found: plan.PlanAnswer, path: Path, *, name: str | None, texts: Texts
) -> None:
    """Write what a crew takes along; the page setting is loaded only here."""
    from dashboard.ground import Stored
    from dashboard.reports import field_sheet

    place = field_sheet.Place(
        properties=store.properties, ground=Stored(store), made_on=found.basis.request.on
    )
    works = field.of_plan(store, found, name=name)
    field_sheet.write_sheet(store, texts, works, path, place=place, actor=current_actor())
