"""Kinds of settings in a brand's file, a module for each, and the list of all of them."""
