"""A simulator of Twilio's REST API, as far as a texting brand uses it."""
