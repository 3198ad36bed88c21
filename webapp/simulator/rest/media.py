"""Media Content Service: upload, description, and the file behind a signed temporary link."""

import hashlib
import hmac
import time

from webapp.simulator.errors import TwilioError
from webapp.simulator.formats import iso_seconds
from webapp.simulator.media import LARGEST_BYTES, NewMedia, path_of, remove_media, store_media
from webapp.simulator.records import Media, Service
from webapp.simulator.rest.call import Body, Call, Reply, Route, created, no_content, ok
from webapp.simulator.simulator import Simulator

LINK_SECONDS = 300


def upload(call: Call) -> Reply:
    """The raw body is the file, Content-Type its type, `?Filename=` its name."""
    _service(call)
    if not call.raw:
        raise TwilioError(400, 50510, "The media is empty")
    if len(call.raw) > LARGEST_BYTES:
        raise TwilioError(400, 50511, "The media is larger than 5 MB")
    filename = call.query.get("Filename", [None])[-1]
    new = NewMedia(call.content_type or "application/octet-stream", call.raw, filename)
    return created(media_json(call, store_media(call.sim, call.params["service"], new)))


def fetch(call: Call) -> Reply:
    return ok(media_json(call, _find(call)))


def content(call: Call) -> Reply:
    """Sends the client on to the temporary link, which needs no credentials."""
    return Reply(302, headers=(("Location", _temporary_link(call, _find(call))),))


def delete(call: Call) -> Reply:
    remove_media(call.sim, _find(call))
    return no_content()


def temporary(call: Call) -> Reply:
    """The file, as long as the link's signature holds."""
    expires, given = (call.query.get(name, [""])[-1] for name in ("Expires", "Signature"))
    media = call.sim.store.get(Media, call.params["media"])
    if media is None or not hmac.compare_digest(given, _link_signature(call.sim, call.params["media"], expires)):
        raise call.not_found()
    if int(expires) < time.time():
        raise TwilioError(403, 20403, "The link has expired")
    return content_of(call.sim, media)


def content_of(sim: Simulator, media: Media) -> Reply:
    return Reply(200, path_of(sim, media).read_bytes(), media.content_type)


def media_json(call: Call, media: Media) -> Body:
    path = f"/v1/Services/{media.service_sid}/Media/{media.sid}"
    return {
        "sid": media.sid,
        "service_sid": media.service_sid,
        "account_sid": call.account.sid,
        "date_created": iso_seconds(media.created),
        "date_upload_updated": iso_seconds(media.created),
        "date_updated": iso_seconds(media.updated),
        "links": {"content": f"{path}/Content", "content_direct_temporary": _temporary_link(call, media)},
        "size": media.size,
        "content_type": media.content_type,
        "filename": media.filename,
        "author": media.author,
        "category": "media",
        "message_sid": media.message_sid,
        "channel_sid": media.conversation_sid,
        "url": path,
        "is_multipart_upstream": False,
    }


def _temporary_link(call: Call, media: Media) -> str:
    expires = str(int(time.time()) + LINK_SECONDS)
    signature = _link_signature(call.sim, media.sid, expires)
    return f"{call.base}/mcs/temporary/{media.sid}?Expires={expires}&Signature={signature}"


def _link_signature(sim: Simulator, sid: str, expires: str) -> str:
    return hmac.new(sim.config.auth_token.encode(), f"{sid} {expires}".encode(), hashlib.sha256).hexdigest()


def _service(call: Call) -> Service:
    service = call.sim.store.get(Service, call.params["service"])
    if service is None:
        raise call.not_found()
    return service


def _find(call: Call) -> Media:
    media = call.sim.store.get(Media, call.params["media"])
    if media is None or media.service_sid != _service(call).sid:
        raise call.not_found()
    return media


_ALL = "/mcs/v1/Services/{service}/Media"
TEMPORARY = "/mcs/temporary/"
ROUTES = (
    Route("POST", _ALL, upload),
    Route("GET", _ALL + "/{media}", fetch),
    Route("DELETE", _ALL + "/{media}", delete),
    Route("GET", _ALL + "/{media}/Content", content),
    Route("GET", TEMPORARY + "{media}", temporary),
)
