"""One page a file; a page renders its body and emits events, it never routes."""
