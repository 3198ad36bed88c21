"""The 2010-04-01 API as far as it is read: the account, its message log with media, its numbers."""

from webapp.simulator.errors import TwilioError, invalid
from webapp.simulator.formats import parse_instant, rfc2822
from webapp.simulator.media import remove_media
from webapp.simulator.numbers import number_of, number_sid
from webapp.simulator.records import Media, Text
from webapp.simulator.rest.call import Body, Call, Reply, Route, no_content, ok
from webapp.simulator.rest.media import content_of
from webapp.simulator.rest.paging import by_date, classic_listing

PRICE_PER_SEGMENT, PRICE_PER_MMS = 0.0083, 0.022


def fetch_account(call: Call) -> Reply:
    _check_account(call)
    uri = f"/2010-04-01/Accounts/{call.account.sid}"
    links = {"messages": "Messages", "incoming_phone_numbers": "IncomingPhoneNumbers"}
    body = {
        "sid": call.account.sid,
        "auth_token": call.sim.config.auth_token,
        "friendly_name": "Leadline's simulated account",
        "owner_account_sid": call.account.sid,
        "status": "active",
        "type": "Full",
        "date_created": rfc2822(call.account.created),
        "date_updated": rfc2822(call.account.updated),
        "subresource_uris": {name: f"{uri}/{part}.json" for name, part in links.items()},
        "uri": f"{uri}.json",
    }
    return ok(body)


def list_messages(call: Call) -> Reply:
    """Newest first; filters To, From, DateSent (that day), DateSent> and DateSent< (both inclusive, as at Twilio)."""
    _check_account(call)
    recipient, sender = (call.query.get(name, [None])[-1] for name in ("To", "From"))
    since, until = _date_window(call)
    entries = call.sim.store.texts.between(recipient or sender, since, until)
    texts = (call.sim.store.all(Text)[sid] for _, _, sid in reversed(entries))
    rows = [
        text
        for text in texts
        if not text.deleted
        and (recipient is None or text.recipient == recipient)
        and (sender is None or text.sender == sender)
    ]
    return ok(classic_listing(call, "messages", rows, _position, lambda row: text_json(call, row)))


def fetch_message(call: Call) -> Reply:
    return ok(text_json(call, _find(call)))


def delete_message(call: Call) -> Reply:
    """Takes it out of the log; a handset that has it keeps it, and its conversation too."""
    text = _find(call)
    if text.status in ("queued", "sent"):
        raise TwilioError(409, 20009, "Cannot delete message because delivery has not been completed.")
    text.deleted = True
    call.sim.store.save(text)
    return no_content()


def list_media(call: Call) -> Reply:
    text = _find(call)
    rows = call.sim.store.present(Media, text.media_sids)
    return ok(classic_listing(call, "media_list", rows, lambda row: row.seq, lambda row: media_json(call, text, row)))


def fetch_media(call: Call) -> Reply:
    """With `.json` the description; without, the file itself."""
    text, media = _find_media(call)
    if call.params["media"].endswith(".json"):
        return ok(media_json(call, text, media))
    return content_of(call.sim, media)


def delete_media(call: Call) -> Reply:
    _, media = _find_media(call)
    remove_media(call.sim, media)
    return no_content()


def list_numbers(call: Call) -> Reply:
    _check_account(call)
    wanted = call.query.get("PhoneNumber", [""])[-1]
    rows = [(place, number) for place, number in enumerate(call.sim.config.numbers) if wanted in number]
    key = "incoming_phone_numbers"
    return ok(classic_listing(call, key, rows, lambda row: row[0], lambda row: number_json(call, row[1])))


def fetch_number(call: Call) -> Reply:
    _check_account(call)
    number = number_of(call.sim, call.params["number"])
    if number is None:
        raise call.not_found()
    return ok(number_json(call, number))


def text_json(call: Call, text: Text) -> Body:
    uri = f"/2010-04-01/Accounts/{call.account.sid}/Messages/{text.sid}"
    failed = text.status in ("failed", "undelivered")
    return {
        "sid": text.sid,
        "account_sid": call.account.sid,
        "messaging_service_sid": text.messaging_service_sid,
        "body": text.body,
        "num_segments": str(text.segments),
        "num_media": str(len(text.media_sids)),
        "direction": text.direction,
        "from": text.sender,
        "to": text.recipient,
        "status": text.status,
        "error_code": int(text.fate) if failed else None,
        "error_message": f"See https://www.twilio.com/docs/errors/{text.fate}" if failed else None,
        "price": _price(text),
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "date_created": rfc2822(text.created),
        "date_sent": None if text.status == "queued" else rfc2822(text.created),
        "date_updated": rfc2822(text.updated),
        "subresource_uris": {"media": f"{uri}/Media.json", "feedback": f"{uri}/Feedback.json"},
        "uri": f"{uri}.json",
    }


def media_json(call: Call, text: Text, media: Media) -> Body:
    return {
        "sid": media.sid,
        "account_sid": call.account.sid,
        "parent_sid": text.sid,
        "content_type": media.content_type,
        "date_created": rfc2822(media.created),
        "date_updated": rfc2822(media.updated),
        "uri": f"/2010-04-01/Accounts/{call.account.sid}/Messages/{text.sid}/Media/{media.sid}.json",
    }


def number_json(call: Call, number: str) -> Body:
    sid = number_sid(number)
    uri = f"/2010-04-01/Accounts/{call.account.sid}/IncomingPhoneNumbers/{sid}"
    absent = ("address_sid", "bundle_sid", "emergency_address_sid", "identity_sid", "trunk_sid", "sms_application_sid",
              "voice_application_sid", "sms_url", "sms_fallback_url", "status_callback", "voice_url",
              "voice_fallback_url")  # fmt: skip
    methods = ("sms_method", "sms_fallback_method", "status_callback_method", "voice_method", "voice_fallback_method")
    return {
        **dict.fromkeys(absent),
        **dict.fromkeys(methods, "POST"),
        "sid": sid,
        "account_sid": call.account.sid,
        "phone_number": number,
        "friendly_name": f"({number[2:5]}) {number[5:8]}-{number[8:]}",
        "capabilities": {"voice": False, "sms": True, "mms": True, "fax": False},
        "address_requirements": "none",
        "api_version": "2010-04-01",
        "beta": False,
        "emergency_status": "Inactive",
        "emergency_address_status": "unregistered",
        "origin": "twilio",
        "status": "in-use",
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
        "date_created": rfc2822(call.account.created),
        "date_updated": rfc2822(call.account.created),
        "subresource_uris": {"assigned_add_ons": f"{uri}/AssignedAddOns.json"},
        "uri": f"{uri}.json",
    }


def _price(text: Text) -> str | None:
    """Billed once the carrier has answered; never for what failed inside Twilio or for Twilio's own replies."""
    if text.status in ("queued", "sent", "failed") or text.direction == "outbound-reply":
        return None
    return f"-{PRICE_PER_MMS if text.media_sids else PRICE_PER_SEGMENT * text.segments:.5f}"


def _date_window(call: Call) -> tuple[float | None, float | None]:
    """since <= date < until, from the three DateSent filters."""
    day = _bound(call, "DateSent")
    if day is not None:
        return day, day + 86400
    until = _bound(call, "DateSent<")
    if until is not None:
        # Inclusive: a bare date means to the end of that day, an instant to the end of that second.
        until += 86400 if "T" not in call.query["DateSent<"][-1] else 1
    return _bound(call, "DateSent>"), until


def _bound(call: Call, name: str) -> float | None:
    value = call.query.get(name, [""])[-1]
    if not value:
        return None
    try:
        return parse_instant(value)
    except ValueError:
        raise invalid(name, "must be a date or an ISO 8601 instant") from None


def _find(call: Call) -> Text:
    _check_account(call)
    text = call.sim.store.get(Text, call.params["text"])
    if text is None or text.deleted:
        raise call.not_found()
    return text


def _find_media(call: Call) -> tuple[Text, Media]:
    text, sid = _find(call), call.params["media"].removesuffix(".json")
    media = call.sim.store.get(Media, sid)
    if media is None or sid not in text.media_sids:
        raise call.not_found()
    return text, media


def _position(text: Text) -> int:
    return by_date(text.created, text.seq)


def _check_account(call: Call) -> None:
    if call.params["account"] != call.account.sid:
        raise call.not_found()


_ACCOUNT = "/api/2010-04-01/Accounts/{account}"
ROUTES = (
    Route("GET", "/api/2010-04-01/Accounts/{account}.json", fetch_account),
    Route("GET", f"{_ACCOUNT}/Messages.json", list_messages),
    Route("GET", f"{_ACCOUNT}/Messages/{{text}}.json", fetch_message),
    Route("DELETE", f"{_ACCOUNT}/Messages/{{text}}.json", delete_message),
    Route("GET", f"{_ACCOUNT}/Messages/{{text}}/Media.json", list_media),
    Route("GET", f"{_ACCOUNT}/Messages/{{text}}/Media/{{media}}", fetch_media),
    Route("DELETE", f"{_ACCOUNT}/Messages/{{text}}/Media/{{media}}", delete_media),
    Route("GET", f"{_ACCOUNT}/IncomingPhoneNumbers.json", list_numbers),
    Route("GET", f"{_ACCOUNT}/IncomingPhoneNumbers/{{number}}.json", fetch_number),
)
