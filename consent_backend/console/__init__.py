"""The technician's console: pages for people, the same acts as JSON for scripts, both behind a password."""
