import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )


def test_imports_flow_one_way():
    result = _lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("analysis/rates.py", "import data.store"),
        ("data/clock.py", "import dashboard.texts"),
        ("data/importing/files/grids.py", "import data.importing.tables.merged"),
    ],
)
def test_an_import_that_points_back_is_caught(tmp_path, room, line):
    import shutil

    for name in ("analysis", "data", "dashboard"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / room).open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
    assert _lint_imports(tmp_path).returncode == 1
