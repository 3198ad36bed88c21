"""The gate and what it stands on: consent, suppressions, hours, and the ledger of decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(_app: Flask) -> None:
    """Listens to what the leads below announce."""
    from webapp.compliance import listening

    listening.register()
