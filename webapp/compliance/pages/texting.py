"""Caps, keywords and the answers to them."""
