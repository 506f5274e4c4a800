"""The erasure of a consumer: one durable workflow for each."""
