"""Tests of the harness: a rule that does not fail when it is broken is no rule."""
