"""Requests about people's data, and how long things are kept."""
