"""Jobs for the worker's tests: RQ finds them by their dotted paths."""

from __future__ import annotations

from flask import current_app

from webapp.jobs import queues

SECRET = "Meet me at 12 Elm Street, +15125550123"
done: list[str] = []


def note_app() -> None:
    """Needs an application context."""
    done.append(current_app.name)


def answer_the_bell() -> None:
    queues.answer("tests.jobs.work.answer_the_bell")
    done.append("answered")


def fail() -> None:
    raise ValueError(f"duplicate key: {SECRET}")
