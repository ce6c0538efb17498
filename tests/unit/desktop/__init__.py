"""What the session asks of the desktop."""
