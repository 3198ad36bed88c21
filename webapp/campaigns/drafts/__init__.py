"""Drafts and what was published: what differs, and who goes over to what."""
