"""The inbox: the pages where reps work."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """The pages, and what their templates use."""
    from webapp.inbox.media import INLINE_TYPES
    from webapp.inbox.pages import blueprint
    from webapp.inbox.places import time_there
    from webapp.leads.consents import CONSENT_SOURCES, consent_words

    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        consent_sources=CONSENT_SOURCES,
        consent_words=consent_words,
        inline_types=INLINE_TYPES,
        time_there=time_there,
    )
