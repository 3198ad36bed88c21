"""The arithmetic of a list: how many match, less those whom no automatic text would reach, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.database import Connection
from webapp.leads.filter_values import Values
from webapp.leads.filters import Query
from webapp.leads.standings import WORDS, Standing, standing_sql


@dataclass(frozen=True, slots=True)
class Term:
    """So many leads of this standing: ``Filter.standing`` shows just those."""

    standing: Standing
    count: int

    @property
    def words(self) -> str:
        """What comes after the number, as in "87 without consent"."""
        return WORDS[self.standing]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``total`` match; taken off are ``less``, in the gate's order, each lead once; ``left`` can be texted."""

    total: int
    less: Sequence[Term]
    left: int

    @property
    def sentence(self) -> str:
        """ "1,204 match, less 87 without consent, 51 opted out: 1,066." """
        terms = ", ".join(f"{term.count:,} {term.words}" for term in self.less)
        return f"{self.total:,} match, less {terms}: {self.left:,}." if terms else f"{self.total:,} match."


def arithmetic(conn: Connection, ids: Query, now: datetime) -> Arithmetic:
    """The arithmetic of the leads that a query finds, in one pass. ``now`` is business time.

    Quiet hours, caps and pauses only move a text, so they take nobody off.
    """
    values = Values("standing")
    query = _COUNT.format(ids=ids.sql, standing=standing_sql(values, now))
    rows = conn.execute(query, {**ids.params, **values.params}, prepare=False)
    counts = {Standing(name): int(number) for name, number in rows}
    less = [Term(each, counts[each]) for each in Standing if each in counts and each is not Standing.CLEAR]
    return Arithmetic(sum(counts.values()), less, counts.get(Standing.CLEAR, 0))


_COUNT = """
SELECT {standing} AS standing, count(*)
FROM ({ids}) AS found JOIN leads AS l USING (id) JOIN contact_numbers AS n ON n.id = l.contact_number_id
GROUP BY 1
"""
