"""An evidence file as a PDF, for people: what the JSON says, in order, with times on the lead's clock too.

Run as a program it reads the JSON file and writes the PDF, so that the library and the paper's memory live in a process
of a few seconds and never in the one that serves pages: ``python -m webapp.compliance.evidence.pdf < in > out``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

from webapp.compliance.evidence.paper import SMALL, TITLE, Paper, said

#: The newest so many texts are printed; the JSON has them all. A second for a thousand, with their decisions.
MOST_TEXTS: Final = 10_000
TIMEOUT_SECONDS: Final = 60


def render(content: bytes) -> bytes:
    """The PDF of an evidence file (``gathering.as_json``), made in a process apart. Raises RuntimeError."""
    command = [sys.executable, "-m", "webapp.compliance.evidence.pdf"]
    done = subprocess.run(command, input=content, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    if done.returncode != 0:
        raise RuntimeError("The PDF could not be made; have the front-end files been built?")
    return done.stdout


def draw(content: bytes) -> bytes:
    """The same in this process."""
    file = json.loads(content)
    paper = Paper(file["document"]["made_at"], file["sha256"])
    _title(paper, file["document"], file["sha256"])
    _consent(paper, file["document"])
    _texts(paper, file["document"])
    return paper.bytes()


def _title(paper: Paper, document: dict[str, Any], sha256: str) -> None:
    number, lead = document["number"], document["lead"] or {}
    paper.write("Evidence file", TITLE, bold=True)
    paper.facts(
        [
            ("Business", document["business"]),
            ("Number", "Erased person" if number["e164"].startswith("erased:") else number["e164"]),
            ("Name", f"{lead.get('first_name', '')} {lead.get('last_name', '')}".strip()),
            ("State", lead.get("state")),
            ("Known since", number["first_known_at"]),
            ("Data erased", number["erased_at"]),
            ("Made", f"{document['made_at']} by {document['made_by']}"),
            ("SHA-256 of the document in the JSON file", sha256),
        ]
    )
    paper.write("All times are UTC. “There” is the time in " + document["zone"] + ".", before=2)
    paper.heading("How the number stands")
    standing = document["suppression"]
    paper.write(_standing(document))
    paper.facts((name.replace("_", " ").capitalize(), value) for name, value in standing.items())
    listed = [
        f"{each['list']} ({each['kind']}, of {each['as_of']}, {each['state']})" for each in document["do_not_call"]
    ]
    paper.write("Do-not-call lists: " + ("; ".join(listed) or "on none that was imported"))


def _standing(document: dict[str, Any]) -> str:
    standing = document["suppression"]
    if standing["suppressed_at"]:
        return "Opted out: nothing is sent to it."
    if any(each["kind"] == "litigator" and each["state"] == "active" for each in document["do_not_call"]):
        return "On a list of known litigators that is in use: nothing is sent to it, whatever is on file."
    return "Consent on file." if standing["consent_at"] else "No consent on file."


def _consent(paper: Paper, document: dict[str, Any]) -> None:
    paper.heading("Consent and opt-outs")
    paper.write(_chain(document["consent"]))
    for row in document["consent"]["rows"]:
        paper.write(f"{row['occurred_at']}  ·  {row['event']}  ·  {row['source']}", bold=True, before=2)
        shown = {name: value for name, value in row.items() if name not in _TOLD_ELSEWHERE}
        paper.facts((name.replace("_", " ").capitalize(), value) for name, value in shown.items())
        paper.write(f"Hashed text: {row['hashed_text']}", SMALL)
        paper.write(f"Previous hash {row['prev_hash'] or 'none'}, this row's hash {row['row_hash']}", SMALL)
    for words in document["disclosures"]:
        paper.write(f"What was agreed to: {words['kind']}, version {words['version']}", bold=True, before=2)
        paper.write(words["text"])
        paper.write(f"SHA-256 {words['sha256']}, written {words['created_at']}", SMALL)


def _chain(consent: dict[str, Any]) -> str:
    chain = consent["chain"]
    if not chain["verifies"]:
        return f"THE CHAIN OF THESE ROWS IS BROKEN at row {chain['first_broken_row']} ({chain['why']})."
    if not consent["rows"]:
        return "Nothing was written about the consent of this number."
    return "The chain of these rows verifies: none was changed, and none taken out of the middle."


_TOLD_ELSEWHERE: Final = frozenset({"occurred_at", "event", "source", "hashed_text", "prev_hash", "row_hash"})


def _texts(paper: Paper, document: dict[str, Any]) -> None:
    texts = document["texts"]
    paper.heading(f"Texts ({len(texts):,})")
    if len(texts) > MOST_TEXTS:
        paper.write(f"The newest {MOST_TEXTS:,} are printed here. The JSON file has every one.")
    for text in texts[-MOST_TEXTS:]:
        _text(paper, text)
    if document["other_decisions"]:
        paper.heading("Decisions about the number")
        for decision in document["other_decisions"]:
            _decision(paper, decision)


def _text(paper: Paper, text: dict[str, Any]) -> None:
    who = "From the person" if text["direction"] == "inbound" else f"To the person ({_writer(text)})"
    at = text["sent_at"] or text["created_at"]
    paper.write(f"{at}  ·  {who}  ·  {text['status']}", bold=True, before=2)
    paper.write(_words(text))
    ids = " ".join(sid for sid in (text["twilio_sid"], text["channel_sid"]) if sid)
    paper.write(f"There {text['local_time']}, our number {text['our_number']}. {ids}", SMALL)
    if text["error_code"]:
        paper.write(f"Carrier's error {text['error_code']}", SMALL)
    for file in text["media"]:
        paper.write(f"File {file['content_type']}, SHA-256 {file['sha256'] or 'not kept'}", SMALL)
    for decision in text["decisions"]:
        _decision(paper, decision)


def _words(text: dict[str, Any]) -> str:
    if text["body_removed_why"] == "erasure":
        return "(The person had their data deleted.)"
    if text["body_removed_why"]:
        return f"(The words were removed on {text['body_removed_at']}, for their age.)"
    return text["body"] or "(no words)"


def _writer(text: dict[str, Any]) -> str:
    kind = f"{text['origin']}, automatic" if text["automatic"] else str(text["origin"])
    return f"{kind}, by {text['author']}" if text["author"] else kind


def _decision(paper: Paper, decision: dict[str, Any]) -> None:
    inputs = f" Inputs: {said(decision['inputs'])}" if decision["inputs"] else ""
    rule = f"{decision['rule']} {decision['rule_version']}"
    paper.write(
        f"{decision['at']} {decision['stage']}: {decision['outcome']}, rule {rule}. {decision['sentence']}{inputs}",
        SMALL,
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read()))
