"""No door reads a body without end, not even one that nobody has signed in to."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_a_sign_in_form_of_thirty_megabytes_is_not_read(client: FlaskClient) -> None:
    answer = client.post("/login", data={"email": "x" * (30 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "too large" in answer.text
