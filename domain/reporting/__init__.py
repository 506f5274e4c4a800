"""Reports: what happened in conversations as facts, and the one definition of each figure."""
