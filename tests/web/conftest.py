from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.kit import make_kit_app


@pytest.fixture
def kit_app() -> Flask:
    return make_kit_app()


@pytest.fixture
def kit(kit_app: Flask) -> FlaskClient:
    return kit_app.test_client()
