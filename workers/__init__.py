"""What a worker process is built of: its Temporal workers, and the parts that call providers."""
