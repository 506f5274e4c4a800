"""Webhooks of SMS providers."""
