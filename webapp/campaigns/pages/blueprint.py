"""The blueprint that the modules beside add their views to. ``webapp.campaigns.doors`` finds campaigns for them."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("campaigns", __name__, url_prefix="/campaigns")

#: An id in an address: one that would not fit a bigint names nothing, so it is a 404.
ID = "int(max=9223372036854775807)"
