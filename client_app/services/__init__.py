"""Blocking work behind the ports of core; no Qt."""
