"""What an account knows of its consumers: details, fields of its own, numbers, panels beside."""
