"""The made-up agency of the demo."""
