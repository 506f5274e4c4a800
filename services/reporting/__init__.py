"""Reports: figures over a span of days, and the conversations behind any number."""
