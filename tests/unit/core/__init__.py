"""Tests of the flow and the rest of core: no window, no network, no files."""
