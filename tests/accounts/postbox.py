"""A small SMTP server: letters handed to it really cross a socket."""

from __future__ import annotations

import email
import re
import socketserver
import threading
from email.message import EmailMessage
from email.policy import default


class Postbox(socketserver.ThreadingTCPServer):
    """Listens on a free port of loopback and keeps every letter. ``refuses`` addresses it does not know."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.letters: list[EmailMessage] = []
        self.refuses: set[str] = set()
        self.arrived = threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}?from=texts@agency.test"

    def keep(self, letter: EmailMessage) -> None:
        with self.arrived:
            self.letters.append(letter)
            self.arrived.notify_all()

    def wait_for(self, count: int) -> list[EmailMessage]:
        """The letters, once there are ``count``."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.letters) >= count, timeout=30)
            return list(self.letters)

    def links(self) -> list[str]:
        """The links of all letters."""
        return [link for letter in self.letters for link in re.findall(r"http\S+", letter.get_content())]


class _Conversation(socketserver.StreamRequestHandler):
    server: Postbox

    def handle(self) -> None:
        self._say("220 postbox")
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("EHLO"):
                self._say("250 postbox")
            elif verb.startswith("RCPT") and any(address in line for address in self.server.refuses):
                self._say("550 no such person")
            elif verb == "DATA":
                self._take_letter()
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 fine")
        return None

    def _take_letter(self) -> None:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.keep(email.message_from_bytes(b"".join(lines), policy=default))
        self._say("250 kept")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
