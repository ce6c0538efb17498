"""Tests of the window and of what it prints."""
