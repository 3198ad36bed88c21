from __future__ import annotations

import psycopg
import pytest

from tests.campaigns.support import Campaigns
from tests.support.people import add_person
from tests.support.world import World
from tests.texts.conftest import max_, noon, otto, rita  # noqa: F401 (people at browsers)
from webapp.accounts.actors import Actor
from webapp.models.constants import Role


@pytest.fixture
def campaigns(world: World) -> Campaigns:
    """Campaigns in a small world: noon in Austin, one sender, a manager at work."""
    manager = add_person(world.conn, "Max Manager", "manager")
    return Campaigns(world, Actor(manager.id, manager.name, manager.email, Role.MANAGER, "America/Chicago"))


@pytest.fixture
def stored(campaigns: Campaigns) -> psycopg.Connection:
    """The database of that world."""
    return campaigns.world.conn
