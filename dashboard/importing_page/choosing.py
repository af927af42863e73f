"""The first step: what kind of data, and which file."""

from __future__ import annotations

from functools import partial
from typing import cast

import streamlit as st

from analysis.errors import MissingCrsError
from dashboard import cache, inputs, layout, session
from dashboard.importing_page import examples, history, reading, state, steps, templates
from dashboard.importing_page.state import Visit
from dashboard.importing_page.steps import GROUPS, LAYERS, MAX_UPLOAD_MB, Progress, Upload
from dashboard.texts import Texts
from data.errors import BadCrsError, WhichAdminLevelError
from data.importing import OSM
from data.importing.errors import HiddenSheetError
from data.importing.layer_files import SHAPE_LAYERS, TABLE_LAYERS

UPLOADER_CSS = """<style>
/* Streamlit's own words of the uploader are English only */
.st-key-chooser [data-testid=stFileUploaderDropzoneInstructions]>*{display:none!important}
.st-key-chooser [data-testid=stFileUploaderDropzoneInstructions]::after{
  content:"DROP";opacity:.7}
.st-key-chooser [data-testid=stFileUploaderDropzone] button p{font-size:0}
.st-key-chooser [data-testid=stFileUploaderDropzone] button p::after{
  content:"CHOOSE";font-size:.933rem}
</style>"""


def draw(visit: Visit) -> None:
    """Draw the choice of a file, a sample, and what was imported before."""
    say = session.say()
    layout.lead(say("imports.lead_file"))
    history.say_undone(visit)
    layer = _layer(say)
    chooser, sample = st.columns([1.75, 1], gap="medium")
    with chooser:
        _chooser(say, visit, layer)
    with sample.container(border=True):
        _sample(say, layer)
    history.draw(visit)
    history.draw_row()


def _layer(say: Texts) -> str:
    group_of = {layer: group for group, layers in GROUPS.items() for layer in layers}

    def words(layer: str) -> str:
        name = say(f"imports.layer.{layer}")
        group = say(f"imports.group.{group_of[layer]}")
        return _capital(name) if len(GROUPS[group_of[layer]]) == 1 else f"{group} · {name}"

    return inputs.choose("layer", LAYERS, label=say("imports.layer"), say_option=words, width=360)


def _chooser(say: Texts, visit: Visit, layer: str) -> None:
    progress = visit.progress
    with st.container(key="chooser"):
        st.html(
            UPLOADER_CSS.replace("DROP", say("imports.or_drop")).replace(
                "CHOOSE", say("imports.choose_file")
            )
        )
        # every kind of file may be chosen: ours is the sentence that refuses it
        chosen = st.file_uploader(
            say("imports.upload", layer=say(f"imports.layer.{layer}")),
            key=f"import_file_{layer}_{visit.n_uploads}",
            max_upload_size=MAX_UPLOAD_MB,
        )
        st.caption(
            f"{say(_taken(layer), mb=MAX_UPLOAD_MB)}  \n"
            f"{say('imports.needed', what=say(f'imports.needed.{layer}'))}  \n"
            f"{say('imports.privacy')}"
        )
    if chosen is not None:
        upload = Upload(steps.shown_name(chosen.name), chosen.getvalue())
        state.put(n_uploads=visit.n_uploads + 1)
        _read(upload, layer)
    if visit.was_stopped and progress.upload is not None:
        _offer_again(say, progress)
    error = progress.error
    if error is None or progress.layer != layer:
        return
    st.error(state.problem(error), icon=":material/error:")
    if progress.upload is None:
        return
    if isinstance(error, MissingCrsError | BadCrsError):
        reading.choose_crs(progress)
    if isinstance(error, WhichAdminLevelError):
        reading.choose_admin_level(progress, cast("list[str]", error.facts["levels"]))
    if isinstance(error, HiddenSheetError):
        reading.choose_hidden_sheet(progress, cast("list[str]", error.facts["sheets"]))


def _read(upload: Upload, layer: str) -> None:
    state.begin(
        "reading",
        Progress(layer=layer, upload=upload),
        partial(steps.take, upload, layer, session.store(), today=session.today()),
        words=session.say()("imports.reading"),
    )


def _offer_again(say: Texts, progress: Progress) -> None:
    """Offer to read the file whose reading was cancelled: it need not be sent once more."""
    upload = progress.upload
    if upload is not None and st.button(
        layout.plain(say("imports.progress.read_again", file=upload.name)),
        icon=":material/refresh:",
    ):
        _read(upload, progress.layer)


def _sample(say: Texts, layer: str) -> None:
    st.subheader(say("imports.template"), anchor=False)
    if layer == OSM:
        st.markdown(f":gray[:small[{say('imports.no_template')}]]")
        return
    st.markdown(f":gray[:small[{say('imports.template_note')}]]")
    made = templates.template(
        say,
        layer,
        wards=cache.wards(),
        today=session.today(),
        cameras=_some_cameras(),
    )
    st.download_button(
        say("imports.template_button", suffix=made.suffix),
        made.content,
        file_name=say("imports.template_name", layer=layer) + made.suffix,
        mime=made.mime,
        icon=":material/download:",
        on_click="ignore",
    )


def _some_cameras() -> list[str]:
    """Name a few cameras of the store, for sheets that are about cameras that are there."""
    return [str(name) for name in cache.cameras(session.today()).index[: examples.N_ROWS]]


def _taken(layer: str) -> str:
    if layer == OSM:
        return "imports.upload_osm"
    if layer == "wards":
        return "imports.upload_wards"
    if layer in TABLE_LAYERS:
        return "imports.upload_tables"
    return "imports.upload_maps" if layer in SHAPE_LAYERS else "imports.upload_both"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
