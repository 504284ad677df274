"""Make the golden draw anew: python -m tests.golden.make_draw (then read the diff like code)."""

from __future__ import annotations

import csv
import io
import shutil
import sys
from pathlib import Path

from sortition.bundle import freeze
from sortition.drawing import draw
from sortition.drawn_number import DrawInputs
from sortition.files import read_problem
from sortition.randomness import NumberPlan
from sortition.solving import solve

GOLDEN = Path(__file__).with_name("draw")
SECRET = bytes(range(32))
SIZE = 6
PANELS = 40
NUMBER = "17"
FEATURES = """feature,value,min,max
sexe,femme,3,3
sexe,homme,3,3
âge,18-34,1,2
âge,35-59,2,3
âge,60 et plus,1,2
territoire,ville,3,4
territoire,campagne,2,3
"""


def people() -> str:
    """Return a people file of thirty invented volunteers, in three households of two."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "sexe", "âge", "territoire", "adresse"])
    ages = ["60 et plus", "35-59", "60 et plus", "18-34", "35-59", "60 et plus", "35-59"]
    for row in range(30):
        writer.writerow(
            [
                f"v{row:02d}",
                ("homme", "femme")[row % 5 < 2],
                ages[row % 7],
                ("ville", "ville", "campagne")[row % 3],
                f"{row // 2 if row < 6 else row} rue du Sort",
            ]
        )
    return text.getvalue()


def make_bundle(folder: Path, pool: str | None = None) -> Path:
    """Solve, freeze and draw the golden pool (or another people file); return the bundle."""
    (folder / "features.csv").write_text(FEATURES, "utf-8")
    (folder / "people.csv").write_text(people() if pool is None else pool, "utf-8")
    problem = read_problem(
        folder / "features.csv", folder / "people.csv", SIZE, household_columns=("adresse",)
    )
    bundle = folder / "bundle"
    freeze(
        solve(problem.pool, problem.quotas, panels=PANELS),
        bundle,
        title="Tirage de référence",
        randomness_plan=NumberPlan().as_json(),
        secret=SECRET,
        software={"kleroterion": "golden"},
    )
    draw(
        bundle,
        DrawInputs(number=NUMBER, number_again=NUMBER),
        drawn_at="2026-11-24T14:00:00Z",
        officers=["Première officière", "Second officier"],
    )
    return bundle


def published(bundle: Path) -> dict[str, bytes]:
    """Return what is public, or before the witness, by relative name."""
    return {
        path.relative_to(bundle).as_posix(): path.read_bytes()
        for part in ("public", "witness")
        for path in sorted((bundle / part).rglob("*"))
        if path.is_file()
    }


if __name__ == "__main__":
    shutil.rmtree(GOLDEN, ignore_errors=True)
    GOLDEN.mkdir()
    made = make_bundle(GOLDEN)
    shutil.rmtree(made / "private")
    sys.stdout.write(f"{len(published(made))} files in {made}\n")
