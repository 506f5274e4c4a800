"""Facts of conversations, their sums, and the questions that reports ask of them."""
