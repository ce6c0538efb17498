"""What more than one system's half uses; asks of the system nothing but its family."""
