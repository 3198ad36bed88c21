"""``leadline user`` and ``leadline token``: people and tokens from the command line."""

from __future__ import annotations

import sys

import click

from webapp import database
from webapp.accounts import passwords, tokens, users
from webapp.models.constants import Role


@click.group("user")
def user_cli() -> None:
    """People who sign in."""


@user_cli.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
def create_user(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Create a person who can sign in at once."""
    assert password_stdin, "click demands it: a password on the command line would be seen by everybody"
    password = sys.stdin.readline().rstrip("\r\n")
    complaint = passwords.complaint(password, email)
    if complaint:
        raise click.ClickException(f"The password will not do. {complaint}")
    try:
        with database.transaction() as conn:
            person = users.create(
                conn, email=email, name=name, role=Role(role), password_hash=passwords.hash_password(password)
            )
    except users.EmailTakenError:
        raise click.ClickException(f"Somebody has the address {email} already.") from None
    click.echo(f"Created {person.name} <{person.email}> as {person.role}.")


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
