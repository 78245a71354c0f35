"""What `deploy/` says, as it runs: the commands of its units, on this machine alone."""
