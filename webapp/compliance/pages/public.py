"""What the public reads: terms, privacy, and the page to opt in."""
