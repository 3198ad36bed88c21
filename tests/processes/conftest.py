from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes.running import Leadline, lift_caps


@contextmanager
def passable_folder() -> Iterator[Path]:
    """A folder that Postgres's own user can pass through (pytest's are root's alone)."""
    folder = Path(tempfile.mkdtemp(prefix="leadline-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the module's Leadline lives."""
    with passable_folder() as folder:
        yield folder


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """For a test that ends its Leadline, which the module's must survive: tests run in any order."""
    with passable_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def leadline(folder: Path) -> Iterator[Leadline]:
    """One running Leadline a module."""
    leadline = Leadline(folder)
    lift_caps(leadline.services["DATABASE_URL"])
    yield leadline
    leadline.end()
