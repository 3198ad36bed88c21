"""The inbox's doors: thin, one transaction each."""

from webapp.inbox.pages import acting, drafting, newcomers, polling, reading
from webapp.inbox.pages.blueprint import blueprint

__all__ = ["acting", "blueprint", "drafting", "newcomers", "polling", "reading"]
