"""The evidence file of one number."""
