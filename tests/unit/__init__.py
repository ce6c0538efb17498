"""Unit tests: no window, no network, no second process unless the test says so."""
