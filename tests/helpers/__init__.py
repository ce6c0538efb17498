"""Parts of the strict test harness; each is a pytest plugin or a plain helper."""
