"""Tests of threads, timers and the controller, with in-memory ports and no window."""
