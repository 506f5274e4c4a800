"""Tables that grow, in partitions by month (UTC): made ahead, and dropped when all is forgotten."""
