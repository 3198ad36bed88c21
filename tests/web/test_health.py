from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Servers, settings_for
from tests.support.people import Cast
from webapp import database
from webapp.compliance import webhook_health
from webapp.local.ports import free_port
from webapp.web import health, openapi, problems

SECRET = {"Authorization": "Bearer a cron secret for tests, long enough"}
NOWHERE = "postgresql://postgres@127.0.0.1:{port}/nothing?connect_timeout=1"


def _app(servers: Servers, **changes: object) -> Flask:
    settings = settings_for(servers, **changes)
    database.configure(settings.database_url, 2)
    app = openapi.make_app("webapp", template_folder="../templates", static_folder="../static")
    app.extensions["leadline"] = settings
    problems.register(app)
    health.register(app, lambda view: view)
    return app


@pytest.fixture
def asker(emptied: Servers) -> Iterator[FlaskClient]:
    yield _app(emptied).test_client()
    database.close()


def test_a_process_that_answers_is_alive(asker: FlaskClient):
    assert asker.get("/healthz").json == {"status": "alive"}


def test_it_is_ready_with_database_redis_and_schema(asker: FlaskClient):
    answer = asker.get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_without_redis_it_says_so(emptied: Servers):
    answer = _app(emptied, redis_url=f"redis://127.0.0.1:{free_port()}").test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["not_ready"] == ["redis"]
    database.close()


def test_without_its_database_it_says_so(emptied: Servers):
    answer = _app(emptied, database_url=NOWHERE.format(port=free_port())).test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["not_ready"] == ["database"]
    database.close()


def test_an_old_schema_is_not_ready(asker: FlaskClient, conn: psycopg.Connection):
    (head,) = conn.execute("SELECT version_num FROM alembic_version").fetchone() or ()
    conn.execute("UPDATE alembic_version SET version_num = '0000'")
    try:
        answer = asker.get("/readyz")
    finally:
        conn.execute("UPDATE alembic_version SET version_num = %s", [head])

    assert answer.json is not None
    assert answer.json["not_ready"] == ["schema"]


def test_metrics_need_the_cron_secret(asker: FlaskClient):
    assert asker.get("/metrics").status_code == 401
    assert asker.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert asker.get("/metrics", headers=SECRET).status_code == 200


@pytest.mark.parametrize(
    ("address", "header", "status"),
    [("127.0.0.1", None, 200), ("::1", None, 200), ("10.1.2.3", None, 403), ("127.0.0.1", "X-Forwarded-For", 403)],
)
def test_without_a_secret_only_this_machine_reads_metrics(
    emptied: Servers, address: str, header: str | None, status: int
):
    headers = {header: "10.1.2.3"} if header else {}
    client = _app(emptied, cron_secret="").test_client()

    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == status
    database.close()


def _metrics(asker: FlaskClient) -> dict[tuple[str, ...], float]:
    text = asker.get("/metrics", headers=SECRET).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def test_an_idle_system_has_nothing_waiting(asker: FlaskClient):
    metrics = _metrics(asker)

    assert metrics["leadline_queue_age_seconds", "queued"] == 0
    assert metrics["leadline_queue_age_seconds", "held"] == 0
    assert metrics["leadline_webhook_lag_seconds",] == 0
    assert metrics["leadline_webhooks_distrusted_seconds",] == 0
    assert metrics["leadline_texts_unsettled", "unconfirmed"] == 0


def test_webhooks_that_are_distrusted_show(asker: FlaskClient):
    with database.transaction() as conn:
        webhook_health.note_repair(conn)

    assert 0 < _metrics(asker)["leadline_webhooks_distrusted_seconds",] <= 900


@pytest.mark.parametrize(
    "name",
    [
        ("leadline_queue_age_seconds", "queued"),
        ("leadline_texts_unsettled", "claimed"),
        ("leadline_sends_total", "sent"),
        ("leadline_sends_total", "not_sent"),
        ("leadline_sends_total", "unknown"),
        ("leadline_webhook_lag_seconds",),
        ("leadline_repaired_total", "inbound"),
        ("leadline_repaired_total", "receipts"),
    ],
)
def test_what_alerts_watch_is_there_before_anything_happened(asker: FlaskClient, name: tuple[str, ...]):
    assert _metrics(asker)[name] == 0


def test_metrics_show_how_long_the_oldest_has_waited(asker: FlaskClient, conn: psycopg.Connection, cast: Cast):
    _add_texts(conn)
    conn.execute(
        "INSERT INTO webhook_receipts (dedupe_key, event_type, form, at, received_at) "
        "VALUES ('a', 'onMessageAdded', '{}', now(), now() - interval '40 s')"
    )
    metrics = _metrics(asker)

    assert 90 <= metrics["leadline_queue_age_seconds", "queued"] < 1000
    assert 30 <= metrics["leadline_queue_age_seconds", "held"] < 90
    assert 40 <= metrics["leadline_webhook_lag_seconds",] < 1000
    assert metrics["leadline_texts_unsettled", "unconfirmed"] == 1


def test_metrics_show_counters_and_heartbeats(asker: FlaskClient, conn: psycopg.Connection):
    conn.execute("INSERT INTO counters (name, label, value) VALUES ('sends', 'sent', 12), ('sends', 'unknown', 1)")
    conn.execute("INSERT INTO heartbeats (name, at) VALUES ('clock', now() - interval '7 s')")
    metrics = _metrics(asker)

    assert metrics["leadline_sends_total", "sent"] == 12
    assert metrics["leadline_sends_total", "unknown"] == 1
    assert 7 <= metrics["leadline_heartbeat_age_seconds", "clock"] < 1000


def _add_texts(conn: psycopg.Connection) -> None:
    """One due for 90 s, one not yet; one held until half a minute ago, one for later; one unconfirmed."""
    conn.execute("INSERT INTO phone_numbers (e164) VALUES ('+15125550100')")
    conn.execute("INSERT INTO contact_numbers (e164, created_at) VALUES ('+15125550123', now())")
    conn.execute("INSERT INTO sms_conversations (contact_number_id, phone_number_id, created_at) VALUES (1, 1, now())")
    conn.execute(
        """
        INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, body, status, origin,
                                  encoding, created_at, not_before, send_after)
        SELECT 1, 1, 1, 'outbound', 'Hi', status, 'api', 'GSM-7', now(), now() + not_before, now() + send_after
        FROM (VALUES ('queued', interval '-90 s', NULL::interval), ('queued', interval '1 h', NULL),
                     ('held', interval '0', interval '-30 s'), ('held', interval '0', interval '1 h'),
                     ('unconfirmed', interval '0', NULL)) AS texts (status, not_before, send_after)
        """
    )
