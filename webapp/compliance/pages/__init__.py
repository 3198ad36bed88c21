"""Compliance's doors: thin, one transaction each."""

from webapp.compliance.pages import (
    dnc,
    evidence,
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
    "optouts",
    "overview",
    "privacy",
    "public",
    "registration",
    "rules",
    "texting",
]
