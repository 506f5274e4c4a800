"""A brand's whole configuration as one file that people read, keep and edit."""
