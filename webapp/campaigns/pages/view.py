"""Which of a campaign's leads its page shows, as its address has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from webapp.campaigns.figures.people_of import Got, Group, Wanted

_LONGEST_SEARCH, _LONGEST_KEY = 200, 64


@dataclass(frozen=True, slots=True)
class PeopleView:
    """``cursor``: where its page begins; None is the top."""

    campaign_id: int
    wanted: Wanted
    cursor: str | None = None

    @classmethod
    def read(cls, campaign_id: int, given: MultiDict[str, str]) -> Self:
        """The view that an address means; what makes no sense in it is passed over."""
        group, got = given.get("group", ""), given.get("got", "")
        step = given.get("step", "")[:_LONGEST_KEY].replace("\x00", "") or None
        wanted = Wanted(
            Group(group) if group in set(Group) else None,
            step,
            Got(got) if step and got in set(Got) else None,
            given.get("q", "")[:_LONGEST_SEARCH].replace("\x00", "").strip(),
        )
        return cls(campaign_id, wanted, given.get("before") or None)

    def at(self, **changes: str | None) -> str:
        """The address with this view; ``changes`` replaces parts of it, None leaves them out. It begins at the top."""
        wanted = self.wanted
        parts = {"q": wanted.typed, "group": wanted.group, "step": wanted.step, "got": wanted.got, **changes}
        kept = {name: str(value) for name, value in parts.items() if value}
        return f"{url_for('campaigns.show', campaign_id=self.campaign_id)}{_query(kept)}"

    def only(self, **parts: str | None) -> str:
        """The address of another view of the same campaign."""
        kept = {name: value for name, value in parts.items() if value}
        return f"{url_for('campaigns.show', campaign_id=self.campaign_id)}{_query(kept)}#people"

    @property
    def here(self) -> str:
        """The very page, for coming back to it after an act."""
        return self.at(before=self.cursor)

    @property
    def scope(self) -> str:
        """A cursor of one view means nothing in another."""
        wanted = self.wanted
        return f"campaign {self.campaign_id} {wanted.group} {wanted.step} {wanted.got} {wanted.typed}"


def _query(kept: dict[str, str]) -> str:
    return f"?{urlencode(kept)}" if kept else ""
