"""Steps, flow, session, view state, errors and ports: no Qt, no input or output."""
