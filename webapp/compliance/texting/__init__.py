"""Caps, keywords, the answers to them, and how long the carrier may keep a text."""
