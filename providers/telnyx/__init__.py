"""Telnyx Messaging: JSON both ways, webhooks signed with Ed25519."""
