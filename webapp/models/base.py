"""The declarative base: constraint names, column types, and the few column shapes that every table repeats."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

#: A row's identity: a number inside, an opaque string in every answer.
Id = Annotated[int, mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)]
#: Machine time, stamped by the database.
MachineTime = Annotated[datetime, mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())]
Strings = Annotated[list[str], mapped_column(ARRAY(sa.Text), server_default="{}")]
Json = Annotated[dict[str, Any], mapped_column(JSONB, server_default="{}")]
Count = Annotated[int, mapped_column(sa.Integer, server_default="0")]


class Base(DeclarativeBase):
    """The map stands on the registry, since Flask-SQLAlchemy refuses it on the class."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=_NAMING),
        type_annotation_map={
            int: sa.BigInteger,
            str: sa.Text,
            datetime: sa.DateTime(timezone=True),
            Decimal: sa.Numeric(12, 5),
        },
    )


def one_of(column: str, values: type[Any]) -> sa.CheckConstraint:
    """A check that ``column`` holds one of a StrEnum's values: refused by the database, not only by the code."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)
