"""What carriers ask before a business may text."""
