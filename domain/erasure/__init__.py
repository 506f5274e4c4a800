"""What is erased of a consumer, and for how long conversations are kept."""
