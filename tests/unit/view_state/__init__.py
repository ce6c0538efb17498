"""The view state, without a window: what is shown, offered and said for each session."""
