"""``leadline user`` and ``leadline token``: people and tokens from the command line."""

from __future__ import annotations

import sys

import click
from email_validator import EmailNotValidError, validate_email

from webapp import database
from webapp.accounts import passwords, tokens, users
from webapp.models.constants import Role


@click.group("user")
def user_cli() -> None:
    """People who sign in."""


@user_cli.command("create")
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", required=True, help="What others see.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What the person may do.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
def create_user(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Create a person who can sign in at once.

    The password comes by standard input, as on the command line everybody on the machine would see it.
    """
    assert password_stdin, "click demands it"
    email = _valid_email(email)
    if not name.strip():
        raise click.ClickException("Say the person's --name.")
    password = _password_from_stdin(email)
    try:
        with database.transaction() as conn:
            person = users.create(
                conn, email=email, name=name.strip(), role=Role(role), password_hash=passwords.hash_password(password)
            )
    except users.EmailTakenError:
        raise click.ClickException(f"Somebody has the address {email} already.") from None
    click.echo(f"Created {person.name} <{person.email}> as {person.role}.")


def _valid_email(email: str) -> str:
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise click.ClickException(f"{email} is not an e-mail address: {error}") from None


def _password_from_stdin(email: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    complaint = passwords.complaint(password, email)
    if complaint:
        raise click.ClickException(f"The password on standard input will not do. {complaint}")
    return password


@click.group("token")
def token_cli() -> None:
    """API tokens."""


@token_cli.command("create")
@click.option("--email", required=True, help="Whose token it is: it may do what this person may.")
@click.option("--name", default="Command line", show_default=True, help="What the token is for.")
def create_token(email: str, name: str) -> None:
    """Print a new API token. It cannot be shown again."""
    with database.transaction() as conn:
        person = users.by_email(conn, email)
        if person is None or not person.active:
            raise click.ClickException(f"Nobody active has the address {email}.")
        token = tokens.create(conn, user_id=person.id, name=name, actor_id=None)
    click.echo(token)
