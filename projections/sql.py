"""The statements of this package: one a file, in queries/, and the tables of the views, in tables/."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def query(name: str) -> str:
    """The statement in projections/queries/NAME.sql."""
    return (_FOLDER / "queries" / f"{name}.sql").read_text()


@cache
def query_in(schema: str, name: str) -> str:
    """The same for a generation, whose schema is written as VIEW there: `insert into VIEW.funnel …`."""
    return query(name).replace("VIEW.", f"{schema}.")


@cache
def tables(name: str) -> str:
    """The statements that create the tables of a view."""
    return (_FOLDER / "tables" / f"{name}.sql").read_text()


@cache
def indexes(name: str) -> str:
    """The statements that create its indexes; empty where it has none beyond its primary keys."""
    file = _FOLDER / "tables" / f"{name}.indexes.sql"
    return file.read_text() if file.exists() else ""
