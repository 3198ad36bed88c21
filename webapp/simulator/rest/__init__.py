"""Twilio's REST API: one module per resource, each with its JSON, its handlers and its routes."""
