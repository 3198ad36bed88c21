"""The evidence file of one number."""

from __future__ import annotations

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import audit, notices
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance.consent.words import describe
from webapp.compliance.evidence import gathering, pdf
from webapp.compliance.evidence.gathering import EvidenceFile
from webapp.compliance.pages.blueprint import ID, blueprint
from webapp.config import Settings
from webapp.rules.phones import display
from webapp.web.problems import Problem

_ADDRESS = f"/compliance/evidence/<{ID}:contact_number_id>"


@blueprint.get(_ADDRESS)
@requires(Permission.MANAGE)
def show_evidence(contact_number_id: int) -> ResponseReturnValue:
    """What the file holds, and the file itself in two forms."""
    with database.transaction() as conn:
        found = gathering.summary(conn, contact_number_id)
    if found is None:
        raise Problem.not_found("number")
    return render_template(
        "compliance/evidence.html",
        found=found,
        number=display(found.e164),
        describe=describe,
        most_printed=pdf.MOST_TEXTS,
    )


@blueprint.get(f"{_ADDRESS}.json")
@requires(Permission.MANAGE)
def download_evidence_json(contact_number_id: int) -> ResponseReturnValue:
    """The file for programs, and the one that the hash is over."""
    file = _take(contact_number_id, "json")
    return _download(file, file.content, "application/json", f"evidence-{contact_number_id}.json")


@blueprint.get(f"{_ADDRESS}.pdf")
@requires(Permission.MANAGE)
def download_evidence_pdf(contact_number_id: int) -> ResponseReturnValue:
    """The same on paper."""
    file = _take(contact_number_id, "pdf")
    return _download(file, pdf.render(file.content), "application/pdf", f"evidence-{contact_number_id}.pdf")


def _take(contact_number_id: int, form: str) -> EvidenceFile:
    """The file, with its entry in the audit log; the owners are told after the commit."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        document = gathering.gather(conn, contact_number_id, by=actor.name, at=now)
        if document is None:
            raise Problem.not_found("number")
        file = gathering.as_json(document)
        audit.record(
            *(conn, actor.id, "evidence.exported", f"number:{contact_number_id}"),
            form=form,
            texts=file.texts,
            sha256=file.sha256,
        )
        told = f"{actor.name} took the evidence file of number {contact_number_id} ({form}, {file.texts:,} texts)."
        letters = notices.to_owners(conn, "an evidence file was exported", told)
    notices.send_aside(_settings(), letters)
    return file


def _download(file: EvidenceFile, content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Document-SHA256": file.sha256}
    return Response(content, mimetype=kind, headers=headers)


def _settings() -> Settings:
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    return settings
