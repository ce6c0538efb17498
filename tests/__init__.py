"""Tests of the whole product; see CONTRIBUTING.md for how they are run and what makes them fail."""
