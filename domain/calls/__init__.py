"""Phone calls that are answered by a text: the menu, its dialogue, and who can be texted."""
