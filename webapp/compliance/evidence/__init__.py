"""The evidence file of one number: gathered, as JSON, and printed."""
