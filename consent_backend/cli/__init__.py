"""The command line: each command prints sentences and leaves 0, 1 (refused, with the reason) or 64 (usage)."""
