"""The page of reports: figures with their changes, a chart, a table, and what is behind numbers."""
