"""What the backend does: each act is a function on one transaction; refusals first, then one write path."""
