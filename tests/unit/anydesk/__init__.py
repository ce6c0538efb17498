"""AnyDesk's services piece by piece."""
