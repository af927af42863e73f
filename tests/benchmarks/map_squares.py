"""How fast the map opens and moves in a city of 300,000 buildings and 50,000 streets.

Run it as ``python tests/benchmarks/map_squares.py``; it writes the demo city and the footprints
and streets of ``import_footprints.py`` into one store, serves it, opens the Map page in Chromium
without a window, zooms in to a junction and pans, and prints what that cost: CPU seconds of the
server, seconds until the ground is drawn, squares and bytes sent. It ends with an error when more
is sent than a view needs. ``--store FILE`` keeps the store for the next run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "dashboard")]

import conftest as browsing  # noqa: E402
import import_footprints  # noqa: E402

MOST_BYTES_A_VIEW = 2_000_000
MOST_CPU_S_A_MOVE = 4.0
"""The first move to where buildings are drawn reads where they all lie."""

SENT = """performance.getEntriesByType('resource')
  .filter((entry) => entry.name.includes('map-squares')).map((entry) => entry.transferSize)"""
MOVES = (
    ("zoom to a ward", "void map.setView([19.807, 105.776], 15, {animate: false})"),
    ("pan by a view", "void map.panBy([800, 0], {animate: false})"),
    ("zoom to a junction", "void map.setZoom(17.5, {animate: false})"),
    ("pan by a view", "void map.panBy([700, 0], {animate: false})"),
    ("pan by a view", "void map.panBy([0, 400], {animate: false})"),
    ("pan back", "void map.panBy([-700, -400], {animate: false})"),
    ("zoom out to the city", "void map.setZoom(12, {animate: false})"),
)


def write_store(path: Path) -> None:
    """Write the demo city, and a whole city's footprints and streets into it."""
    from data import demo, importing

    store = demo.write_demo(path)
    with tempfile.TemporaryDirectory() as folder:
        import_footprints.write_files(Path(folder))
        for layer in ("buildings", "streets"):
            importing.import_file(
                store,
                Path(folder) / f"{layer}.gpkg",
                layer=layer,
                actor="benchmark",
                today=date(2024, 12, 31),
            )
    store.close()


def cpu_s(process_id: int) -> float:
    """Give the CPU seconds that a process has used so far."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def server_of(port: str) -> int:
    """Find the process that serves on a port."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if port in words and "-c" in words:
                return int(folder.name)
    raise LookupError(port)


def measure(store: Path) -> None:
    """Open and move the map, and print what each step cost."""
    chromium = browsing.find_chromium()
    if chromium is None:
        sys.exit(browsing.NO_BROWSER)
    with browsing.serving(store) as url, browsing.launched(chromium) as browser:
        server = server_of(url.rsplit(":", 1)[1])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        known = 0

        def step(name: str, act: object) -> None:
            nonlocal known
            cpu, began = cpu_s(server), time.monotonic()
            act()  # type: ignore[operator]
            frame = next(f for f in page.frames if "st_folium" in f.url)
            frame.wait_for_function("window.map && map.vl.view && map.vl.isWhole", timeout=120_000)
            took = time.monotonic() - began
            page.wait_for_timeout(300)
            used = cpu_s(server) - cpu
            all_sent = frame.evaluate(SENT)
            sent = all_sent[0 if name.startswith("open") else known :]
            known = len(all_sent)
            sys.stdout.write(
                f"{name:22} {used:6.2f} CPU s of the server, whole after {took:5.1f} s, "
                f"{len(sent):3} squares, {sum(sent) / 1e3:8.0f} kB\n"
            )
            assert sum(sent) <= MOST_BYTES_A_VIEW, sum(sent)
            if not name.startswith("open"):
                assert used <= MOST_CPU_S_A_MOVE, used

        def open_page() -> None:
            page.goto(f"{url}/ban-do")
            page.wait_for_selector("iframe[title*=st_folium]", timeout=120_000)
            browsing.settle(page)

        step("open, first visit", open_page)
        step("open again", open_page)
        for name, script in MOVES:
            frame = next(f for f in page.frames if "st_folium" in f.url)
            step(name, lambda frame=frame, script=script: frame.evaluate(script))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", type=Path)
    asked = parser.parse_args().store
    with tempfile.TemporaryDirectory() as name:
        store = asked or Path(name) / "city.db"
        if not store.exists():
            write = "import sys, map_squares as m; m.write_store(m.Path(sys.argv[1]))"
            subprocess.run([sys.executable, "-c", write, str(store)], check=True, cwd=HERE)
        measure(store)
