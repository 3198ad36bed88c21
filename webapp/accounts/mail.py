"""E-mail through ``SMTP_URL``: ``smtp://user:password@host:587?from=texts@example.com``, or ``smtps://`` for port 465.

Sent after the commit of what it tells about, never inside a transaction.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote, urlsplit

import structlog

from webapp.config import Settings

_TIMEOUT_SECONDS = 10
_PORTS = {"smtp": 587, "smtps": 465}
# Lines as long as a letter may have them (RFC 5322: 998), so that a link is never cut in the letter's source.
_POLICY = SMTP.clone(max_line_length=900, cte_type="7bit")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}

log = structlog.get_logger(__name__)


class MailError(Exception):
    """The letter did not go; ``str()`` says why, for an admin."""


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Server:
    """What ``SMTP_URL`` says."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str
    sender: str


def can_send(settings: Settings) -> bool:
    """Whether an e-mail server is configured. Without one, links are shown to the admin who asked."""
    return bool(settings.smtp_url.get_secret_value())


def send(settings: Settings, letter: Letter) -> None:
    """Hands one letter to the e-mail server, within seconds. Raises MailError, and ValueError for a broken header."""
    server = read_url(settings.smtp_url.get_secret_value(), settings.app_url)
    message = _message(server, letter)
    try:
        with _connect(server) as smtp:
            _prove_ourselves(smtp, server)
            smtp.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("e-mail failed", host=server.host, error=type(error).__name__)
        raise MailError(_why(error, server)) from error


def read_url(url: str, app_url: str) -> Server:
    """The parts of an ``SMTP_URL``. Without ``?from=`` letters come from the user name, or from leadline@ our host.

    Raises MailError when it is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise MailError("SMTP_URL must look like smtp://user:password@host:587 or smtps://…")
    user = unquote(parts.username or "")
    fallback = user if "@" in user else f"leadline@{urlsplit(app_url).hostname}"
    return Server(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        encrypted=parts.scheme == "smtps",
        user=user,
        password=unquote(parts.password or ""),
        sender=parse_qs(parts.query).get("from", [fallback])[0],
    )


def _connect(server: Server) -> smtplib.SMTP:
    if server.encrypted:
        return smtplib.SMTP_SSL(
            server.host, server.port, timeout=_TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    return smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)


def _prove_ourselves(smtp: smtplib.SMTP, server: Server) -> None:
    """STARTTLS wherever it is offered; a password never crosses a network in the clear."""
    smtp.ehlo()
    if not server.encrypted and smtp.has_extn("starttls"):
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    elif not server.encrypted and server.user and server.host not in _LOOPBACK:
        raise smtplib.SMTPNotSupportedError("the server offers no encryption, so the password was not sent")
    if server.user:
        smtp.login(server.user, server.password)


def _message(server: Server, letter: Letter) -> EmailMessage:
    message = EmailMessage(_POLICY)
    message["From"] = server.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message.set_content(letter.body)
    return message


def _why(error: Exception, server: Server) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{server.host} did not accept the user name and password in SMTP_URL."
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"{server.host} refused the address."
    if isinstance(error, smtplib.SMTPException):
        return f"{server.host} refused the message ({type(error).__name__})."
    return f"{server.host}:{server.port} could not be reached."
