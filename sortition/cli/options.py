"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


def _frozen(_context: click.Context, _parameter: click.Parameter, folder: Path) -> Path:
    """Refuse a folder that no draw was frozen in: a slip of the keyboard, most often."""
    if not (folder / "public").is_dir():
        raise click.BadParameter(
            f"{folder} does not hold public/: give the folder that `kleroterion solve` made."
        )
    return folder


bundle = click.argument(
    "bundle", type=FOLDER, callback=_frozen, help="Folder that `solve --out` made."
)
features_file = click.argument(
    "features", type=FILE, help="Quotas: columns feature, value, min, max (CSV or XLSX)."
)
people_file = click.argument(
    "people", type=FILE, help="Volunteers: id, a column per feature, others kept (CSV or XLSX)."
)
size = click.option("--size", type=int, required=True, help="Members of the panel.")
household = click.option(
    "--household",
    metavar="COL,COL",
    default="",
    help="Columns that make an address: at most one member per household.",
)
exclude = click.option(
    "--exclude", type=FILE, help="File of people set aside beforehand: columns id, reason."
)
id_column = click.option(
    "--id-column", help="Column of identifiers, where it is not the usual one."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for scripts.")


def columns(text: str) -> tuple[str, ...]:
    """Split a list of columns given as ``COL,COL``."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
