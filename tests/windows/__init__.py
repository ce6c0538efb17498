"""What only a real Windows (or wine) can show: jobs, handles, services, the registry, Qt's own platform."""
