"""A brand's whole configuration as one readable file: written, looked through, and applied."""
