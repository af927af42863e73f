"""The ``vonglau`` command: everything a page can do to data, a command can do.

Every reading command has ``--json`` and ``--store``; bad input gets one sentence and exit code 1
(2 when the command line itself is wrong). What a command needs is loaded in the command, so that
help and errors come at once.
"""

from __future__ import annotations

import sys

import typer

from analysis.errors import VongLauError
from dashboard import messages
from dashboard.commands import (
    audit,
    backups,
    coverage,
    evaluation,
    footage,
    founding,
    history,
    hotspots,
    layers,
    plans,
    programmes,
    report,
    serving,
    siting,
    templates,
    trends,
    watching,
)
from dashboard.commands.opening import OPENED, words

app = typer.Typer(
    name="vonglau", add_completion=False, pretty_exceptions_enable=False, no_args_is_help=False
)


def main() -> None:
    """Run the command, and say an error in one sentence."""
    OPENED.set(None)
    try:
        app()
    except VongLauError as error:
        sys.stderr.write(messages.sentence(words(), error) + "\n")
        sys.exit(1)


@app.callback(invoke_without_command=True)
def vonglau(context: typer.Context) -> None:
    """Plan where a city's cameras stand, and measure honestly what they did."""
    if context.invoked_subcommand is None:
        serving.serve()


app.command()(serving.serve)
app.command("demo")(serving.write_demo)
app.command()(founding.init)
app.command()(founding.stores)
app.command("import")(layers.import_layer)
app.command()(layers.undo)
app.command()(history.history)
app.command()(templates.template)
app.command()(watching.watch)
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(coverage.coverage)
app.command()(siting.site)
app.add_typer(plans.app, name="plans")
app.command()(plans.compare)
app.command()(plans.adopt)
app.command()(plans.unadopt)
app.command()(trends.trends)
app.command()(hotspots.hotspots)
app.command()(report.report)
app.command()(evaluation.evaluate)
app.add_typer(footage.app, name="footage")
app.command()(programmes.programmes)
app.command()(audit.audit)
app.command()(layers.export)
