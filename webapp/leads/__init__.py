"""Leads: who is texted, one for each phone number; their list, their pages, and importing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(_app: Flask) -> None:
    """Adds this room's doors."""
