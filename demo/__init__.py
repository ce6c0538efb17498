"""A whole world to run the product in: stand-in for AnyDesk, scripted technician and customer. Never shipped."""
