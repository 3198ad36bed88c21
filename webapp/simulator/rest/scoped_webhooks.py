"""Webhooks of one conversation: at most five, post-events only."""

from webapp.simulator.errors import TwilioError, invalid, not_simulated
from webapp.simulator.events import SERVICE_FILTERS
from webapp.simulator.formats import iso_seconds
from webapp.simulator.records import ScopedWebhook, new_sid
from webapp.simulator.rest.call import Body, Call, Reply, Route, created, no_content, ok
from webapp.simulator.rest.paging import listing

MOST = 5
POST_EVENTS = tuple(name for name in SERVICE_FILTERS if name.endswith("ed"))


def create(call: Call) -> Reply:
    thread = call.thread
    target = call.need("Target")
    if target != "webhook":
        # Studio flows and keyword triggers live at Twilio; nothing here could run them.
        raise not_simulated(f"Target {target}") if target in ("studio", "trigger") else invalid("Target", "unknown")
    if len(thread.webhooks) >= MOST:
        raise TwilioError(400, 50361, f"A conversation has at most {MOST} webhooks")
    at = call.sim.clock.now()
    webhook = ScopedWebhook(
        sid=new_sid("WH"), created=at, updated=at, conversation_sid=thread.conversation.sid, target=target
    )
    webhook.url = call.need("Configuration.Url")
    _configure(call, webhook)
    return created(webhook_json(call, webhook))


def list_all(call: Call) -> Reply:
    rows = list(call.thread.webhooks.values())
    return ok(listing(call, "webhooks", rows, lambda row: row.seq, lambda row: webhook_json(call, row), most=MOST))


def fetch(call: Call) -> Reply:
    return ok(webhook_json(call, _find(call)))


def update(call: Call) -> Reply:
    webhook = _find(call)
    webhook.url = call.text("Configuration.Url") or webhook.url
    webhook.updated = call.sim.clock.now()
    _configure(call, webhook)
    return ok(webhook_json(call, webhook))


def delete(call: Call) -> Reply:
    call.sim.store.remove(_find(call))
    return no_content()


def webhook_json(call: Call, webhook: ScopedWebhook) -> Body:
    return {
        "sid": webhook.sid,
        "account_sid": call.account.sid,
        "chat_service_sid": call.service.sid,
        "conversation_sid": webhook.conversation_sid,
        "target": webhook.target,
        "configuration": {"url": webhook.url, "method": webhook.method, "filters": webhook.filters},
        "date_created": iso_seconds(webhook.created),
        "date_updated": iso_seconds(webhook.updated),
        "url": f"{call.conversation_url(webhook.conversation_sid)}/Webhooks/{webhook.sid}",
    }


def _configure(call: Call, webhook: ScopedWebhook) -> None:
    webhook.method = call.one_of("Configuration.Method", ("get", "post", "GET", "POST"), webhook.method)
    if call.has("Configuration.Filters"):
        webhook.filters = call.events("Configuration.Filters", POST_EVENTS)
    call.sim.store.save(webhook)


def _find(call: Call) -> ScopedWebhook:
    webhook = call.thread.webhooks.get(call.params["webhook"])
    if webhook is None:
        raise call.not_found()
    return webhook


_INSIDE = "{scope}/Conversations/{conversation}/Webhooks"
ROUTES = (
    Route("POST", _INSIDE, create),
    Route("GET", _INSIDE, list_all),
    Route("GET", _INSIDE + "/{webhook}", fetch),
    Route("POST", _INSIDE + "/{webhook}", update),
    Route("DELETE", _INSIDE + "/{webhook}", delete),
)
