"""What a process measures of itself and of the installation, for Prometheus."""
