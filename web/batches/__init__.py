"""Pages of batches: composed, checked, tested, started and watched by managers."""
