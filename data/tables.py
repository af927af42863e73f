"""The schema of the store: one for SQLite and PostgreSQL.

Rows of imported layers are never changed in place. Each carries the ``batch_id`` that brought it,
the ``row_key`` that says which thing it is about, a ``content_hash`` and, when a later batch knew
better, ``superseded_by``. What is in force is every row of an active batch that no active batch
superseded: so a batch is undone by its status, and the history of a row stays readable.

Geometry is WKB in WGS84 with its bounding box; points are a longitude and a latitude. Moments are
kept in UTC, days as days of the store's time zone. Money is in the store's currency.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as UTC without an offset."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Turn an aware moment into UTC; a naive one is refused, because its zone is unknown."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive moment has no place in the store")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Give the moment back as aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def _layer(name: str, *columns: sa.Column[object]) -> sa.Table:
    """Make a table of imported rows, with the columns that every layer has."""
    return sa.Table(
        name,
        metadata,
        sa.Column("row_id", sa.Integer, primary_key=True),
        sa.Column("row_key", sa.Text, nullable=False, index=True),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), nullable=False),
        sa.Column("superseded_by", sa.Integer, sa.ForeignKey("batches.batch_id"), nullable=True),
        sa.Column("file_row", sa.Integer, nullable=True),
        *columns,
        sa.Index(None, "batch_id"),
        sa.Index(None, "superseded_by"),
    )


def _shape() -> list[sa.Column[object]]:
    return [
        sa.Column("geometry", sa.LargeBinary, nullable=False),
        sa.Column("west", sa.Float, nullable=False),
        sa.Column("south", sa.Float, nullable=False),
        sa.Column("east", sa.Float, nullable=False),
        sa.Column("north", sa.Float, nullable=False),
    ]


def _point(*, nullable: bool) -> list[sa.Column[object]]:
    return [
        sa.Column("longitude", sa.Float, nullable=nullable),
        sa.Column("latitude", sa.Float, nullable=nullable),
    ]


properties = sa.Table(
    "properties",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

batches = sa.Table(
    "batches",
    metadata,
    sa.Column("batch_id", sa.Integer, primary_key=True),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.Text, nullable=False),
    sa.Column("mapping", sa.JSON, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("committed_at", Moment, nullable=False),
    sa.Column("status", sa.Text, nullable=False),  # active, undone
    sa.Column("n_rows", sa.Integer, nullable=False),
    sa.Column("n_accepted", sa.Integer, nullable=False),
    sa.Column("n_updated", sa.Integer, nullable=False),
    sa.Column("n_duplicates", sa.Integer, nullable=False),
    sa.Column("n_rejected", sa.Integer, nullable=False),
    sa.Column("n_skipped", sa.Integer, nullable=False),
    sa.Column("part_of", sa.Integer, nullable=True),  # the batch of another layer it came with
)

rejected_rows = sa.Table(
    "rejected_rows",
    metadata,
    sa.Column("rejected_id", sa.Integer, primary_key=True),
    sa.Column(
        "batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), nullable=False, index=True
    ),
    sa.Column("file_row", sa.Integer, nullable=False),
    sa.Column("column", sa.Text, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=True),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("audit_id", sa.Integer, primary_key=True),
    sa.Column("happened_at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.JSON, nullable=False),
)

scenarios = sa.Table(
    "scenarios",
    metadata,
    sa.Column("scenario_id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("request", sa.JSON, nullable=False),  # all that was asked, to ask it again
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("parent_id", sa.Integer, nullable=True),  # the scenario that this one came from
    sa.Column("status", sa.Text, nullable=False),  # saved, undone
)

registrations = sa.Table(
    "registrations",
    metadata,
    sa.Column("registration_id", sa.Integer, primary_key=True),
    sa.Column("registered_at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("read_out_on", sa.Date, nullable=False),
    sa.Column("installed_on", sa.Date, nullable=False),
    sa.Column("installed_until", sa.Date, nullable=False),
    sa.Column("request", sa.JSON, nullable=False),  # all that was asked, to ask it again
    sa.Column("treated", sa.LargeBinary, nullable=False),  # the ground as it was fixed
    sa.Column("unit_ids", sa.JSON, nullable=False),  # the comparison places as they were fixed
    sa.Column("scenario_id", sa.Integer, nullable=True),
    sa.Column("parent_id", sa.Integer, nullable=True),  # the registration that this one replaces
)

adoptions = sa.Table(
    "adoptions",
    metadata,
    sa.Column("adoption_id", sa.Integer, primary_key=True),
    sa.Column("scenario_id", sa.Integer, sa.ForeignKey("scenarios.scenario_id"), nullable=False),
    sa.Column("wave", sa.Text, nullable=False),  # of the cameras to come
    sa.Column("planned_on", sa.Date, nullable=False),
    sa.Column("adopted_on", sa.Date, nullable=False),  # the store's day when it was adopted
    sa.Column("adopted_at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), nullable=True),
    sa.Column("registration_id", sa.Integer, nullable=True),  # of the evaluation fixed with it
    sa.Column("status", sa.Text, nullable=False),  # active, undone
)

adopted_works = sa.Table(
    "adopted_works",
    metadata,
    sa.Column("work_id", sa.Integer, primary_key=True),
    sa.Column(
        "adoption_id",
        sa.Integer,
        sa.ForeignKey("adoptions.adoption_id"),
        nullable=False,
        index=True,
    ),
    sa.Column("rank", sa.Integer, nullable=False),  # in the plan
    sa.Column("kind", sa.Text, nullable=False),  # install, repair, reaim
    sa.Column("camera_id", sa.Text, nullable=False),  # to install, to repair or to turn
    sa.Column("site_id", sa.Text, nullable=True),
    sa.Column("bearing_deg", sa.Float, nullable=True),
    sa.Column("cost", sa.Float, nullable=True),
)

clearances = sa.Table(
    "clearances",
    metadata,
    sa.Column("clearance_id", sa.Integer, primary_key=True),
    sa.Column("month", sa.Date, nullable=False, index=True),  # its name: a first of a month
    sa.Column("division", sa.Text, nullable=False),
    sa.Column("ward_code", sa.Text, nullable=False),  # or all
    sa.Column("category", sa.Text, nullable=False),  # or all
    sa.Column("n", sa.Float, nullable=False),  # incidents counted when it was cleared
    sa.Column("is_cleared", sa.Boolean, nullable=False),  # else opened again
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("cleared_at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
)

remembered_columns = sa.Table(
    "remembered_columns",
    metadata,
    sa.Column("remembered_id", sa.Integer, primary_key=True),
    sa.Column("layer", sa.Text, nullable=False),
    # of all headings: those of columns that are not stored stand nowhere in the clear
    sa.Column("headings_sha256", sa.Text, nullable=False, index=True),
    sa.Column("source", sa.Text, nullable=False),  # whose case numbers; empty where nobody said
    sa.Column("mapping", sa.JSON, nullable=False),  # field to heading, empty where left out
    sa.Column("conventions", sa.JSON, nullable=False),  # field to order or sign, as a person said
    sa.Column("crs", sa.Text, nullable=True),
    sa.Column("remembered_at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    # words for offences that no rule knows, to category; words about a person are not kept
    sa.Column("offences", sa.JSON(none_as_null=True), nullable=True),
)

corrected_cells = sa.Table(
    "corrected_cells",
    metadata,
    sa.Column("corrected_id", sa.Integer, primary_key=True),
    sa.Column(
        "batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), nullable=False, index=True
    ),
    sa.Column("file_row", sa.Integer, nullable=False),
    sa.Column("column", sa.Text, nullable=False),  # the heading; what stood there is not kept
)

same_events = sa.Table(
    "same_events",
    metadata,
    sa.Column("same_event_id", sa.Integer, primary_key=True),
    sa.Column("row_key", sa.Text, nullable=False),  # of the incident that was asked about
    sa.Column("other_key", sa.Text, nullable=False),
    sa.Column("is_same", sa.Boolean, nullable=False),  # then the first one is not kept
    sa.Column("decided_at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
)

same_cases = sa.Table(
    "same_cases",
    metadata,
    sa.Column("same_case_id", sa.Integer, primary_key=True),
    # by what a row without a number is known that a person said to be a case known otherwise
    sa.Column("row_key", sa.Text, nullable=False, index=True),
    sa.Column("case_key", sa.Text, nullable=False),
    sa.Column(
        "batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), nullable=False, index=True
    ),
)

remembered_places = sa.Table(
    "remembered_places",
    metadata,
    sa.Column("remembered_id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),  # whose words; empty where nobody said
    sa.Column("question", sa.Text, nullable=False),  # division, ward and words, folded
    sa.Column("answer", sa.Text, nullable=False),  # key of what was chosen, or ward
    sa.Column("kind", sa.Text, nullable=True),
    sa.Column("name", sa.Text, nullable=True),
    sa.Column("quality", sa.Text, nullable=True),
    *_point(nullable=True),  # where that is, should the layers change
    sa.Column("remembered_at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
)

divisions = sa.Table(
    "divisions",
    metadata,
    sa.Column("division", sa.Text, primary_key=True),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=True),  # the last day in force
)

wards = _layer(
    "wards",
    sa.Column("division", sa.Text, sa.ForeignKey("divisions.division"), nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("population", sa.Integer, nullable=True),
    sa.Column("population_source", sa.Text, nullable=True),
    *_shape(),
)

cameras = _layer(
    "cameras",
    sa.Column("camera_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=True),
    *_point(nullable=False),
    sa.Column("kind", sa.Text, nullable=True),  # fixed, dome, ptz, fisheye, multi, plate
    sa.Column("bearing_deg", sa.Float, nullable=True),
    sa.Column("bearing_error_deg", sa.Float, nullable=True),  # known to plus or minus this
    sa.Column("tilt_deg", sa.Float, nullable=True),  # below the horizon
    sa.Column("fov_deg", sa.Float, nullable=True),
    sa.Column("range_m", sa.Float, nullable=True),
    sa.Column("height_m", sa.Float, nullable=True),
    sa.Column("device_id", sa.Text, nullable=True),  # one box with several views, each a camera
    sa.Column("model_id", sa.Text, nullable=True),
    sa.Column("resolution_mp", sa.Float, nullable=True),
    sa.Column("focal_mm", sa.Float, nullable=True),
    sa.Column("owner", sa.Text, nullable=True),
    sa.Column("funding", sa.Text, nullable=True),
    sa.Column("wave", sa.Text, nullable=True),
    sa.Column("ward_code", sa.Text, nullable=True),
    sa.Column("installed_on", sa.Date, nullable=True),
    sa.Column("removed_on", sa.Date, nullable=True),
    sa.Column("retention_days", sa.Integer, nullable=True),
    sa.Column("programme_id", sa.Text, nullable=True),
    sa.Column("cost", sa.BigInteger, nullable=True),  # bought and installed
)

camera_models = _layer(
    "camera_models",
    sa.Column("model_id", sa.Text, nullable=False),  # a model with two lenses is two
    sa.Column("maker", sa.Text, nullable=True),
    sa.Column("name", sa.Text, nullable=True),
    sa.Column("kind", sa.Text, nullable=True),
    sa.Column("pixels_across", sa.Integer, nullable=True),
    sa.Column("focal_mm", sa.Float, nullable=True),
    sa.Column("fov_deg", sa.Float, nullable=True),
    sa.Column("vertical_fov_deg", sa.Float, nullable=True),
    sa.Column("detect_m", sa.Float, nullable=True),  # as printed on the sheet
    sa.Column("observe_m", sa.Float, nullable=True),
    sa.Column("recognise_m", sa.Float, nullable=True),
    sa.Column("identify_m", sa.Float, nullable=True),
    sa.Column("lamp_m", sa.Float, nullable=True),  # reach of its own light at night
    sa.Column("cost", sa.BigInteger, nullable=True),  # bought and installed
)

camera_states = _layer(
    "camera_states",
    sa.Column("camera_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # working, degraded, broken, offline
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=True),  # the last day of the period
    sa.Column("fault", sa.Text, nullable=True),  # power, network, device, lens, damage, other
    sa.Column("repair_cost", sa.BigInteger, nullable=True),  # paid, or quoted while it lasts
)

sites = _layer(
    "sites",
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=True),
    *_point(nullable=False),
    sa.Column("kind", sa.Text, nullable=True),
    sa.Column("status", sa.Text, nullable=True),
    sa.Column("has_power", sa.Boolean, nullable=True),
    sa.Column("has_fibre", sa.Boolean, nullable=True),
    sa.Column("ward_code", sa.Text, nullable=True),
    sa.Column("n_heads", sa.Integer, nullable=True),  # cameras it can carry
    sa.Column("cost", sa.BigInteger, nullable=True),  # to make it ready, camera not included
)

incidents = _layer(
    "incidents",
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("case_id", sa.Text, nullable=True),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("article", sa.Text, nullable=True),
    sa.Column("starts_at", Moment, nullable=False, index=True),
    sa.Column("ends_at", Moment, nullable=False),
    sa.Column("time_is_known", sa.Boolean, nullable=False),
    sa.Column("reported_at", Moment, nullable=True),
    *_point(nullable=True),
    sa.Column("location_quality", sa.Text, nullable=False),  # exact, street, ward
    sa.Column("place", sa.Text, nullable=True),
    sa.Column("division", sa.Text, nullable=False),
    sa.Column("ward_code", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=True),
    sa.Column("is_cleared", sa.Boolean, nullable=True),
    sa.Column("is_camera_used", sa.Boolean, nullable=True),
    sa.Column("damage", sa.BigInteger, nullable=True),
    sa.Column("summary", sa.Text, nullable=True),  # free text without personal data; off by default
)

streets = _layer(
    "streets",
    sa.Column("name", sa.Text, nullable=True),
    sa.Column("kind", sa.Text, nullable=False),  # artery, street, alley
    *_shape(),
)

buildings = _layer("buildings", sa.Column("height_m", sa.Float, nullable=True), *_shape())

land_cover = _layer(
    "land_cover",
    sa.Column("kind", sa.Text, nullable=False),  # water, block, park
    *_shape(),
)

schools = _layer(
    "schools",
    sa.Column("school_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=True),
    *_point(nullable=False),  # the gate
    sa.Column("opens_at", sa.Text, nullable=True),  # hours of the day when children come, 06:45
    sa.Column("closes_at", sa.Text, nullable=True),
    sa.Column("ward_code", sa.Text, nullable=True),
    sa.Column("programme_id", sa.Text, nullable=True),  # the school-gate model it belongs to
)

zones = _layer(
    "zones",
    sa.Column("zone_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # must, forbid, private
    sa.Column("name", sa.Text, nullable=True),
    *_shape(),
)

places = _layer(
    "places",
    sa.Column("place_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=True),  # market, station, hospital, …
    *_point(nullable=False),
)

programmes = _layer(
    "programmes",
    sa.Column("programme_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # camera, school_gate, … as in data.programmes
    sa.Column("division", sa.Text, nullable=True),
    sa.Column("ward_code", sa.Text, nullable=True),
    sa.Column("started_on", sa.Date, nullable=True),
    sa.Column("ended_on", sa.Date, nullable=True),
    sa.Column("n_members", sa.Integer, nullable=True),
)

tips = _layer(
    "tips",
    sa.Column("tip_id", sa.Text, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("received_from", sa.Text, nullable=True),  # street_cleaner, guard, resident, other
    *_point(nullable=True),
    sa.Column("place", sa.Text, nullable=True),
    sa.Column("division", sa.Text, nullable=True),
    sa.Column("ward_code", sa.Text, nullable=True),
    sa.Column("category", sa.Text, nullable=True),
    sa.Column("is_usable", sa.Boolean, nullable=True),  # none: not yet looked into
    sa.Column("outcome", sa.Text, nullable=True),  # none, patrol, stopped, clarified
    sa.Column("case_id", sa.Text, nullable=True),
    sa.Column("programme_id", sa.Text, nullable=True),
)

footage_requests = _layer(
    "footage_requests",
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("requested_at", Moment, nullable=False),
    sa.Column("source", sa.Text, nullable=True),  # the incident's, with its case number
    sa.Column("case_id", sa.Text, nullable=True),
    sa.Column("category", sa.Text, nullable=True),
    sa.Column("starts_at", Moment, nullable=True),  # the time that footage is asked for
    sa.Column("ends_at", Moment, nullable=True),
    *_point(nullable=True),
    sa.Column("place", sa.Text, nullable=True),
    sa.Column("division", sa.Text, nullable=True),
    sa.Column("ward_code", sa.Text, nullable=True),
    sa.Column("camera_ids", sa.Text, nullable=True),  # cameras asked, separated by "; "
    sa.Column("found_on", sa.Text, nullable=True),  # those whose footage showed it
    sa.Column("answer", sa.Text, nullable=True),  # found, partly, not_found, overwritten, broken
    sa.Column("answered_on", sa.Date, nullable=True),
    sa.Column("is_clarified", sa.Boolean, nullable=True),
)

ward_crosswalk = _layer(
    "ward_crosswalk",
    sa.Column("from_division", sa.Text, nullable=False),
    sa.Column("from_code", sa.Text, nullable=False),
    sa.Column("to_division", sa.Text, nullable=False),
    sa.Column("to_code", sa.Text, nullable=False),
    sa.Column("share", sa.Float, nullable=False),  # of the old ward, 0 to 1
    sa.Column("is_split", sa.Boolean, nullable=False),
)

LAYERS: dict[str, sa.Table] = {
    table.name: table
    for table in (
        wards,
        cameras,
        camera_states,
        sites,
        incidents,
        streets,
        buildings,
        land_cover,
        schools,
        zones,
        places,
        ward_crosswalk,
        camera_models,
        programmes,
        tips,
        footage_requests,
    )
}
"""The tables whose rows come in batches, by name."""
