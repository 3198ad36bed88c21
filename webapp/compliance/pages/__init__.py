"""Compliance's doors: thin, one transaction each."""

from webapp.compliance.pages import (
    dnc,
    evidence,
    join,
    optout_history,
    optout_import,
    optouts,
    overview,
    privacy,
    public,
    registration,
    rules,
    texting,
)
from webapp.compliance.pages.blueprint import blueprint

__all__ = [
    "blueprint",
    "dnc",
    "evidence",
    "join",
    "optout_history",
    "optout_import",
    "optouts",
    "overview",
    "privacy",
    "public",
    "registration",
    "rules",
    "texting",
]
