"""Exports: asked for, made in parts by a durable workflow, and downloaded."""
