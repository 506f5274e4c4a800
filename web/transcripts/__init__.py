"""Transcripts as pages show them: texts and notes, and the events between them as sentences."""
