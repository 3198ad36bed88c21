"""What every template can use: the address of a file of ours, and the reader's choices, which live in cookies."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

from webapp.web.fragments import toasts

THEMES = ("auto", "light", "dark")
_THEME, _SHORTCUTS = "theme", "shortcuts"
_HASH_CHARACTERS = 12
_YEAR_SECONDS = 365 * 24 * 3600


def register(app: Flask) -> None:
    """The Jinja globals ``asset``, ``theme``, ``shortcuts`` and ``toasts``."""
    app.jinja_env.globals.update(asset=asset, theme=theme, shortcuts=shortcuts, toasts=toasts)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def asset(path: str) -> str:
    """The address of a static file with its content's hash, so that browsers may keep it for ever."""
    file = Path(current_app.static_folder or "", path)
    return url_for("static", filename=path, v=_content_hash(file, file.stat().st_mtime_ns))


@lru_cache
def _content_hash(file: Path, _mtime_ns: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:_HASH_CHARACTERS]


def theme() -> str:
    """``light``, ``dark``, or ``auto``: as the reader's system says. From a cookie, so that no page flashes."""
    chosen = request.cookies.get(_THEME)
    return chosen if chosen in THEMES else "auto"


def shortcuts() -> bool:
    """Whether single keys are shortcuts; they can be switched off (WCAG 2.1.4)."""
    return request.cookies.get(_SHORTCUTS) != "off"


def keep_theme(response: Response, chosen: str) -> None:
    """Remembers the reader's theme on this browser. Anything but a theme means ``auto``."""
    _keep(response, _THEME, chosen if chosen in THEMES else "auto")


def keep_shortcuts(response: Response, *, on: bool) -> None:
    """Remembers on this browser whether single keys are shortcuts."""
    _keep(response, _SHORTCUTS, "on" if on else "off")


def _keep(response: Response, name: str, value: str) -> None:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name, value, max_age=_YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
