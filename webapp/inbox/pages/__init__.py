"""The inbox's doors: thin, one transaction each."""

from webapp.inbox.pages import acting, drafting, newcomers, optouts, picking, polling, reading, standing
from webapp.inbox.pages.blueprint import blueprint

__all__ = ["acting", "blueprint", "drafting", "newcomers", "optouts", "picking", "polling", "reading", "standing"]
