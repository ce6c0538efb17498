"""Guardian, client and stand-in as real processes."""
