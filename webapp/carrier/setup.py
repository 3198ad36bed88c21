"""Is Twilio set up so that texts and webhooks arrive? What ``leadline doctor`` shows, and the part it can mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from webapp.carrier import codes, reading
from webapp.carrier.errors import CarrierError, GoneError
from webapp.carrier.sdk import Sdk
from webapp.carrier.types import CarrierSettings, SetupCheck, SetupReport

#: Only events that happened: a pre-event hook that we fail to answer would lose the text.
WEBHOOK_EVENTS = (
    "onConversationAdded",
    "onConversationStateUpdated",
    "onConversationRemoved",
    "onMessageAdded",
    "onDeliveryUpdated",
)


def setup_report(twilio: Sdk, settings: CarrierSettings, webhook_url: str, senders: tuple[str, ...]) -> SetupReport:
    """Looks at the conversation service, its webhooks, the messaging service and every sender (E.164)."""
    service = twilio.conversations.v1.services(settings.conversations_service_sid)
    messaging = twilio.messaging.v1.services(settings.messaging_service_sid)
    found: dict[str, int] = {}
    checks = [
        _checked("Conversation service", lambda: _service_check(service)),
        _checked("Webhooks", lambda: _webhook_check(service, webhook_url)),
        _checked("Messaging service", lambda: _messaging_check(messaging, found)),
        _checked("Our numbers", lambda: _numbers_check(twilio, senders)),
        _checked("Numbers in the messaging service", lambda: _senders_check(messaging, senders)),
    ]
    checks += [
        _checked(f"Texts from strangers to {sender}", partial(_stranger_check, twilio, settings, sender))
        for sender in senders
    ]
    return SetupReport(tuple(checks), found.get("validity"))


def configure_webhooks(twilio: Sdk, settings: CarrierSettings, webhook_url: str, senders: tuple[str, ...]) -> None:
    """Sets the service's post-event webhook to ``webhook_url`` and auto-creation for ``senders``; harmless to repeat.

    Raises CarrierError.
    """
    service = twilio.conversations.v1.services(settings.conversations_service_sid)
    with reading.understood():
        service.configuration.webhooks().update(
            pre_webhook_url="", post_webhook_url=webhook_url, filters=list(WEBHOOK_EVENTS), method="POST"
        )
        for sender in senders:
            _let_strangers_in(twilio, settings, sender)


def set_validity(twilio: Sdk, settings: CarrierSettings, seconds: int) -> bool:
    """Sets how long Twilio may keep a text of the messaging service in its queue; False when it was so already.

    Raises CarrierError.
    """
    service = twilio.messaging.v1.services(settings.messaging_service_sid)
    with reading.understood():
        if int(service.fetch().validity_period) == seconds:
            return False
        service.update(validity_period=seconds)
    return True


def _let_strangers_in(twilio: Sdk, settings: CarrierSettings, sender: str) -> None:
    wanted = {
        "auto_creation_enabled": True,
        "auto_creation_type": "default",  # the service's own webhooks tell us
        "auto_creation_conversation_service_sid": settings.conversations_service_sid,
    }
    configurations = twilio.conversations.v1.address_configurations
    existing = _address_configuration(twilio, sender)
    if existing is None:
        configurations.create(type="sms", address=sender, **wanted)
    else:
        configurations(existing.sid).update(**wanted)


def _address_configuration(twilio: Sdk, sender: str) -> Sdk:
    try:
        return twilio.conversations.v1.address_configurations(sender).fetch()
    except GoneError:
        return None


def _checked(name: str, look: Callable[[], tuple[str, str]]) -> SetupCheck:
    """One check; ``look`` returns what it found and, if that is wrong, how to mend it."""
    try:
        with reading.understood():
            found, fix = look()
    except GoneError as error:
        return SetupCheck(name, False, str(error), "Twilio does not have it: check the SID in the settings")
    except CarrierError as error:
        return SetupCheck(name, False, str(error), codes.explain(error.code).what_to_do if error.code else "")
    return SetupCheck(name, not fix, found, fix)


def _service_check(service: Sdk) -> tuple[str, str]:
    record = service.fetch()
    return record.friendly_name or record.sid, ""


def _webhook_check(service: Sdk, webhook_url: str) -> tuple[str, str]:
    hooks = service.configuration.webhooks().fetch()
    wrong = list(_webhook_faults(hooks, webhook_url))
    return hooks.post_webhook_url or "no address", "; ".join(wrong)


def _webhook_faults(hooks: Sdk, webhook_url: str) -> Iterator[str]:
    if (hooks.post_webhook_url or "") != webhook_url:
        yield f"set the post-event URL to {webhook_url}"
    if (hooks.method or "POST").upper() != "POST":
        yield "set the method to POST"
    missing = [event for event in WEBHOOK_EVENTS if event not in (hooks.filters or ())]
    if missing:
        yield f"switch on {', '.join(missing)}"
    if hooks.pre_webhook_url:
        yield "remove the pre-event URL: while it does not answer, texts are lost"


def _messaging_check(messaging: Sdk, found: dict[str, int]) -> tuple[str, str]:
    service = messaging.fetch()
    found["validity"] = int(service.validity_period)
    return f"{service.friendly_name}, holds texts for up to {found['validity']} seconds", ""


def _numbers_check(twilio: Sdk, senders: tuple[str, ...]) -> tuple[str, str]:
    numbers = {record.phone_number: record for record in twilio.incoming_phone_numbers.stream(page_size=500)}
    wrong = [f"{sender} is not a number of this account" for sender in senders if sender not in numbers]
    for sender in senders:
        if sender in numbers and numbers[sender].sms_url:
            # It fires beside the conversation, whoever is behind it: Twilio's sample address answers every text.
            wrong.append(f"clear the message URL of {sender}, which would handle its texts a second time")
    return f"{len(numbers)} numbers", "; ".join(wrong)


def _senders_check(messaging: Sdk, senders: tuple[str, ...]) -> tuple[str, str]:
    try:
        numbers = {record.phone_number for record in messaging.phone_numbers.stream(page_size=100)}
    except GoneError:
        # A stand-in need not keep this list; a service that is missing shows in its own check.
        return "not told", ""
    missing = [sender for sender in senders if sender not in numbers]
    return f"{len(numbers)} numbers", f"add {', '.join(missing)} to the messaging service" if missing else ""


def _stranger_check(twilio: Sdk, settings: CarrierSettings, sender: str) -> tuple[str, str]:
    configuration = _address_configuration(twilio, sender)
    auto = (configuration.auto_creation or {}) if configuration else {}
    if not auto.get("enabled"):
        return "not answered", "switch on auto-creation for this number; until then only the sweep finds such texts"
    if auto.get("conversation_service_sid") != settings.conversations_service_sid:
        return "open threads in another service", "point auto-creation at our conversation service"
    return "open a thread of their own", ""
