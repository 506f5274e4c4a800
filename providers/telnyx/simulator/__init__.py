"""A simulator of Telnyx's messaging API and webhooks, as far as a texting brand uses it."""
