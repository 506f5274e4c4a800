"""Twilio Programmable Voice: its webhooks, its instructions (TwiML), and the set-up of a number."""
