"""A simulated carrier for development and tests, with providers' APIs and consumers' phones."""
