"""Conversations services, their configuration and webhooks; the account's own."""

from webapp.simulator.errors import invalid, not_simulated
from webapp.simulator.events import ACCOUNT_FILTERS, SERVICE_FILTERS
from webapp.simulator.formats import iso_seconds
from webapp.simulator.records import Account, MessagingService, Service, new_sid
from webapp.simulator.rest.call import Body, Call, Reply, Route, created, no_content, ok, parse_duration
from webapp.simulator.rest.paging import listing


def create_service(call: Call) -> Reply:
    at = call.sim.clock.now()
    service = Service(sid=new_sid("IS"), created=at, updated=at, friendly_name=call.need("FriendlyName", 256))
    call.sim.store.save(service)
    return created(service_json(call, service))


def list_services(call: Call) -> Reply:
    rows = list(call.sim.store.all(Service).values())
    return ok(listing(call, "services", rows, lambda row: row.seq, lambda row: service_json(call, row)))


def fetch_service(call: Call) -> Reply:
    return ok(service_json(call, call.service))


def delete_service(call: Call) -> Reply:
    service = call.service
    if service.sid == call.account.default_service_sid:
        raise invalid("Sid", "the default service cannot be deleted")
    for thread in list(call.sim.store.threads.by_service.get(service.sid, {}).values()):
        call.sim.store.remove(thread.conversation)
    call.sim.store.remove(service)
    return no_content()


def fetch_configuration(call: Call) -> Reply:
    return ok(configuration_json(call, call.service))


def update_configuration(call: Call) -> Reply:
    service = call.service
    service.creator_role_sid = call.text("DefaultConversationCreatorRoleSid") or service.creator_role_sid
    service.member_role_sid = call.text("DefaultConversationRoleSid") or service.member_role_sid
    service.user_role_sid = call.text("DefaultChatServiceRoleSid") or service.user_role_sid
    service.reachability_enabled = call.flag("ReachabilityEnabled", service.reachability_enabled)
    call.sim.store.save(service)
    return ok(configuration_json(call, service))


def fetch_webhooks(call: Call) -> Reply:
    return ok(webhooks_json(call, call.service))


def update_webhooks(call: Call) -> Reply:
    service = call.service
    _take_webhooks(call, service, SERVICE_FILTERS)
    return ok(webhooks_json(call, service))


def fetch_account(call: Call) -> Reply:
    return ok(account_json(call))


def update_account(call: Call) -> Reply:
    account, store = call.account, call.sim.store
    for name, kind in (("DefaultChatServiceSid", Service), ("DefaultMessagingServiceSid", MessagingService)):
        if call.text(name) and store.get(kind, call.need(name)) is None:
            raise invalid(name, "no such service")
    account.default_service_sid = call.text("DefaultChatServiceSid") or account.default_service_sid
    account.default_messaging_service_sid = (
        call.text("DefaultMessagingServiceSid") or account.default_messaging_service_sid
    )
    if call.has("DefaultInactiveTimer"):
        account.default_inactive_timer = _timer(call, "DefaultInactiveTimer", 60)
    if call.has("DefaultClosedTimer"):
        account.default_closed_timer = _timer(call, "DefaultClosedTimer", 600)
    store.save(account)
    return ok(account_json(call))


def fetch_account_webhooks(call: Call) -> Reply:
    return ok(account_webhooks_json(call))


def update_account_webhooks(call: Call) -> Reply:
    account = call.account
    account.target = call.one_of("Target", ("webhook", "flex"), account.target)
    _take_webhooks(call, account, ACCOUNT_FILTERS)
    return ok(account_webhooks_json(call))


def service_json(call: Call, service: Service) -> Body:
    url = f"{call.base}/conversations/v1/Services/{service.sid}"
    return {
        "sid": service.sid,
        "account_sid": call.account.sid,
        "friendly_name": service.friendly_name,
        "date_created": iso_seconds(service.created),
        "date_updated": iso_seconds(service.updated),
        "url": url,
        "links": {
            "conversations": f"{url}/Conversations",
            "users": f"{url}/Users",
            "roles": f"{url}/Roles",
            "bindings": f"{url}/Bindings",
            "configuration": f"{url}/Configuration",
            "participant_conversations": f"{url}/ParticipantConversations",
            "conversation_with_participants": f"{url}/ConversationWithParticipants",
        },
    }


def configuration_json(call: Call, service: Service) -> Body:
    url = f"{call.base}/conversations/v1/Services/{service.sid}/Configuration"
    return {
        "chat_service_sid": service.sid,
        "default_conversation_creator_role_sid": service.creator_role_sid,
        "default_conversation_role_sid": service.member_role_sid,
        "default_chat_service_role_sid": service.user_role_sid,
        "reachability_enabled": service.reachability_enabled,
        "url": url,
        "links": {"notifications": f"{url}/Notifications", "webhooks": f"{url}/Webhooks"},
    }


def webhooks_json(call: Call, service: Service) -> Body:
    return {
        "account_sid": call.account.sid,
        "chat_service_sid": service.sid,
        "pre_webhook_url": None,
        "post_webhook_url": service.post_webhook_url,
        "filters": service.filters,
        "method": service.method,
        "url": f"{call.base}/conversations/v1/Services/{service.sid}/Configuration/Webhooks",
    }


def account_json(call: Call) -> Body:
    account, url = call.account, f"{call.base}/conversations/v1/Configuration"
    return {
        "account_sid": account.sid,
        "default_chat_service_sid": account.default_service_sid,
        "default_messaging_service_sid": account.default_messaging_service_sid,
        "default_inactive_timer": account.default_inactive_timer,
        "default_closed_timer": account.default_closed_timer,
        "url": url,
        "links": {
            "service": f"{call.base}/conversations/v1/Services/{account.default_service_sid}/Configuration",
            "webhooks": f"{url}/Webhooks",
        },
    }


def account_webhooks_json(call: Call) -> Body:
    account = call.account
    return {
        "account_sid": account.sid,
        "pre_webhook_url": None,
        "post_webhook_url": account.post_webhook_url,
        "filters": account.filters,
        "method": account.method,
        "target": account.target,
        "url": f"{call.base}/conversations/v1/Configuration/Webhooks",
    }


def _take_webhooks(call: Call, holder: Service | Account, known: tuple[str, ...]) -> None:
    if call.text("PreWebhookUrl"):
        # A system of record must not use it: an outage would lose inbound texts (Twilio rejects what gets a 5xx).
        raise not_simulated("PreWebhookUrl")
    if call.has("PostWebhookUrl"):
        holder.post_webhook_url = call.text("PostWebhookUrl")
    if call.has("Filters"):
        holder.filters = call.events("Filters", known)
    holder.method = call.one_of("Method", ("POST", "GET"), holder.method)
    holder.updated = call.sim.clock.now()
    call.sim.store.save(holder)


def _timer(call: Call, name: str, least_seconds: int) -> str | None:
    return parse_duration(name, call.text(name), least_seconds)


_V1 = "/conversations/v1"
_SERVICE = f"{_V1}/Services/{{service}}"
ROUTES = (
    Route("POST", f"{_V1}/Services", create_service),
    Route("GET", f"{_V1}/Services", list_services),
    Route("GET", _SERVICE, fetch_service),
    Route("DELETE", _SERVICE, delete_service),
    Route("GET", f"{_SERVICE}/Configuration", fetch_configuration),
    Route("POST", f"{_SERVICE}/Configuration", update_configuration),
    Route("GET", f"{_SERVICE}/Configuration/Webhooks", fetch_webhooks),
    Route("POST", f"{_SERVICE}/Configuration/Webhooks", update_webhooks),
    Route("GET", f"{_V1}/Configuration", fetch_account),
    Route("POST", f"{_V1}/Configuration", update_account),
    Route("GET", f"{_V1}/Configuration/Webhooks", fetch_account_webhooks),
    Route("POST", f"{_V1}/Configuration/Webhooks", update_account_webhooks),
)
