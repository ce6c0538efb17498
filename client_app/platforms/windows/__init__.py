"""Windows's half of what the program needs of its system."""
