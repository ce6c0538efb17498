"""The window: a wizard that renders view states and emits events. It decides nothing and calls no service."""
