"""What the customer runs: a wizard that asks for consent, starts help and proves that it ended."""

__version__ = "0.1.0"
