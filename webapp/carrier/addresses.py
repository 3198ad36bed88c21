"""Where a Twilio address really leads: Twilio itself, or a stand-in that takes every Twilio host's place.

``https://conversations.twilio.com/v1/…`` is called as ``{base}/conversations/v1/…``; ``messaging``, ``api`` and
``mcs`` likewise. Credentials go nowhere else, whatever a paging link says.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_TWILIO = re.compile(r"https://([a-z0-9-]+)(?:\.[a-z0-9-]+)*\.twilio\.com(?::443)?(/.*)", re.DOTALL)
_PRODUCTS = ("conversations", "messaging", "api", "mcs", "media")
_PRODUCT_OF_PATH = (("/2010-04-01/", "api"), ("/v1/", "conversations"))


class ForeignAddressError(ValueError):
    """An address outside the carrier: our credentials are not sent there."""


class Addresses:
    """Rewrites addresses for one ``base`` (``None``: Twilio itself)."""

    def __init__(self, base: str | None) -> None:
        self._base = base.rstrip("/") if base else None

    def resolve(self, url: str) -> str:
        """The address to call for ``url``, which the SDK built or the carrier named as a next page.

        Raises ForeignAddressError for one that is neither Twilio's nor the stand-in's.
        """
        twilio = _TWILIO.fullmatch(url)
        if self._base is None:
            if twilio is None:
                raise ForeignAddressError(f"{urlsplit(url).hostname} is not Twilio")
            return url
        if url.startswith(self._base + "/"):
            return url
        if twilio is not None:
            return self._on_base(twilio[2], product=twilio[1])
        return self._other_name_of_base(url)

    def _other_name_of_base(self, url: str) -> str:
        """A stand-in may call itself ``localhost`` in its links though we know it by another name: the path decides."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        for prefix, product in _PRODUCT_OF_PATH:
            if path.startswith(prefix):
                return self._on_base(path, product=product)
        for product in _PRODUCTS:
            if f"/{product}/" in parts.path:
                return self._on_base(path[path.index(f"/{product}/") :], product=product)
        raise ForeignAddressError(f"{parts.hostname} is not the configured carrier")

    def _on_base(self, path: str, *, product: str) -> str:
        if path.startswith(f"/{product}/"):  # a relative link of a stand-in, which the SDK put behind Twilio's host
            return f"{self._base}{path}"
        return f"{self._base}/{product}{path}"
