from datetime import date, timedelta

from data import incident_points, layers


def test_points_are_the_incidents_of_the_days_asked_for(demo_store):
    since, until = date(2023, 3, 1), date(2023, 5, 31)
    slow = layers.read_incidents(demo_store, since=since, until=until).sort_index()
    quick = incident_points.read_incident_points(
        demo_store, since=since, end_before=until + timedelta(days=1)
    )
    assert len(quick) > 100
    assert quick.index.tolist() == slow.index.tolist()
    assert (quick["starts_at"] == slow["starts_at"].dt.tz_localize(None)).all()
    for column in ("category", "ward_code", "division", "source", "happened_on"):
        assert quick[column].tolist() == slow[column].tolist()
    metres = slow.geometry.to_crs(quick.crs)
    assert (quick.geometry.isna() == metres.isna()).all()
    assert quick.geometry.dropna().distance(metres.dropna()).max() < 1e-6


def test_a_day_without_incidents_gives_an_empty_frame_with_its_columns(demo_store):
    found = incident_points.read_incident_points(
        demo_store, since=date(1999, 1, 1), end_before=date(1999, 1, 2)
    )
    assert found.empty
    assert {"starts_at", "happened_on", "category", "source"} <= set(found.columns)
    assert found.crs is not None
