"""The pages of services, teams and people."""
