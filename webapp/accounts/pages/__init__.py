"""The HTML doors of accounts: signing in, one's own profile, the team, the account's settings."""

from __future__ import annotations

from webapp.accounts.pages import account, links, login, profile, team  # noqa: F401 (each adds its views)
from webapp.accounts.pages.blueprint import blueprint

__all__ = ["blueprint"]
