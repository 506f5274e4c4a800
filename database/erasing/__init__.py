"""What the database holds about a consumer, table by table, and how it is erased."""
