"""Checks of the pages' scripts: types by TypeScript, lint by Biome. Nothing of it is served."""
