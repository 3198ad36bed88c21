"""What SMTP_URL may say, and what an admin hears when a letter does not go."""

from __future__ import annotations

import pytest

from tests.conftest import Servers, settings_for
from webapp.accounts import mail
from webapp.accounts.mail import Letter, MailError, read_url

LETTER = Letter("rita@agency.test", "Subject", "Body\n")


@pytest.mark.parametrize(
    ("url", "host", "port", "encrypted", "sender"),
    [
        ("smtp://mail.test", "mail.test", 587, False, "leadline@texts.example.com"),
        ("smtps://mail.test", "mail.test", 465, True, "leadline@texts.example.com"),
        ("smtp://me%40agency.test:s%2Fcret@mail.test:2525", "mail.test", 2525, False, "me@agency.test"),
        ("smtp://user:x@mail.test?from=Team%20%3Ct@a.test%3E", "mail.test", 587, False, "Team <t@a.test>"),
    ],
)
def test_the_parts_of_the_address(url: str, host: str, port: int, encrypted: bool, sender: str) -> None:
    server = read_url(url, "https://texts.example.com")
    assert (server.host, server.port, server.encrypted, server.sender) == (host, port, encrypted, sender)


@pytest.mark.parametrize("url", ["http://mail.test", "mail.test:587", "smtp://"])
def test_an_address_that_is_none_says_what_one_looks_like(url: str) -> None:
    with pytest.raises(MailError, match="smtp://user:password@host:587"):
        read_url(url, "https://texts.example.com")


def test_an_absent_server_is_named(servers: Servers) -> None:
    with pytest.raises(MailError, match=r"127\.0\.0\.1:1 could not be reached"):
        mail.send(settings_for(servers, smtp_url="smtp://127.0.0.1:1"), LETTER)


def test_line_breaks_in_a_name_add_no_headers(servers: Servers) -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        mail.send(settings_for(servers, smtp_url="smtp://127.0.0.1:1"), Letter("a@b.test", "x\r\nBcc: c@d.test", "."))
