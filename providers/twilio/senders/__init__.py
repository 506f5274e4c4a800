"""Twilio's numbers, short codes and messaging services: listed, and set up."""
