"""What the public reads, terms and privacy, and the page on which managers see what it is filled from."""

from __future__ import annotations

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import current_actor, optional_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance.pages.blueprint import ID, blueprint
from webapp.compliance.public import disclosures, programme
from webapp.compliance.public.disclosures import Disclosure
from webapp.compliance.public.forms import JoinForm, PublicForm
from webapp.compliance.public.programme import Programme
from webapp.config import Settings
from webapp.database import Connection
from webapp.web.fragments import go_to, toast
from webapp.web.problems import Problem


@blueprint.get("/sms-terms")
@requires(Permission.PUBLIC)
def sms_terms() -> ResponseReturnValue:
    """The programme's terms, as carriers demand them."""
    return _document("public/terms.html")


@blueprint.get("/privacy")
@requires(Permission.PUBLIC)
def privacy_policy() -> ResponseReturnValue:
    """What becomes of people's numbers and texts."""
    return _document("public/privacy.html")


@blueprint.get("/compliance/public")
@requires(Permission.MANAGE)
def public_pages() -> ResponseReturnValue:
    """What the pages are filled from, where they are, and which words people agreed to. Admins change it."""
    with database.transaction() as conn:
        about = programme_of(conn)
        return _page(conn, PublicForm(formdata=None, data=about.settings.model_dump()), about)


@blueprint.post("/compliance/public")
@requires(Permission.ADMIN)
def save_public_pages() -> ResponseReturnValue:
    """Saves what changed, each with an entry in the audit log; 422 when something will not do."""
    form = PublicForm()
    with database.transaction() as conn:
        if not form.validate_on_submit() or not _can_open(conn, form):
            return _page(conn, form, programme_of(conn)), 422
        account_settings.save(conn, current_actor(), **form.changes())
        about = programme_of(conn)
        if about.takes_opt_ins:
            opt_in_words(conn, about)
    toast("Saved.")
    return go_to(url_for("compliance.public_pages"))


@blueprint.get(f"/compliance/public/disclosures/<{ID}:version>")
@requires(Permission.MANAGE)
def disclosure_page(version: int) -> ResponseReturnValue:
    """The opt-in page as it was shown with these words, as a file."""
    with database.transaction() as conn:
        page = disclosures.page_of(conn, version)
    if page is None:
        raise Problem.not_found()
    filename = f"opt-in-page-version-{version}.html"
    headers = {"Content-Disposition": f"attachment; filename={filename}"}
    return Response(page, mimetype="text/html", headers=headers)


def programme_of(conn: Connection) -> Programme:
    """The programme, with the address under which the public knows us."""
    config = current_app.extensions["leadline"]
    assert isinstance(config, Settings)
    return programme.load(conn, config.app_url or request.url_root.rstrip("/"))


def opt_in_words(conn: Connection, programme: Programme) -> Disclosure:
    """The version that is shown now, made if the words are new."""
    text = disclosures.web_form_text(programme)
    blank = JoinForm(formdata=None, meta={"csrf": False})  # what is kept holds nobody's token
    return disclosures.current(conn, text, lambda version: render_opt_in(programme, blank, text, version))


def render_opt_in(programme: Programme, form: JoinForm, text: str, version: int, *, alert: str = "") -> str:
    """The opt-in page around these words."""
    form.version.data = str(version)
    return render_template("public/join.html", programme=programme, form=form, disclosure=text, alert=alert)


def is_manager() -> bool:
    """Whether somebody asks who may see a page before the public does."""
    actor = optional_actor()
    return actor is not None and actor.may(Permission.MANAGE)


def _document(template: str) -> ResponseReturnValue:
    """404 while something is missing; managers are told what."""
    with database.transaction() as conn:
        about = programme_of(conn)
    if about.is_public:
        return render_template(
            template, programme=about, duration=programme.duration, no_sharing=disclosures.NO_SHARING
        )
    if is_manager():
        return render_template("public/missing.html", programme=about), 404
    raise Problem.not_found()


def _can_open(conn: Connection, form: PublicForm) -> bool:
    """Whether the opt-in page can be open with these settings; if not, the form says what is missing."""
    if not form.opt_in_page.data:
        return True
    about = programme_of(conn)
    wanted = about.settings.model_copy(update=form.changes())
    missing = Programme(wanted, about.sender, about.app_url, None).missing
    if missing:
        form.opt_in_page.errors = [f"The page cannot open without {', '.join(missing)}."]
    elif about.sender is None:
        form.opt_in_page.errors = ["The page cannot open without a number to text from."]
    return not form.opt_in_page.errors


def _page(conn: Connection, form: PublicForm, about: Programme) -> str:
    versions = disclosures.versions(conn)
    return render_template("compliance/public.html", form=form, programme=about, versions=versions)
