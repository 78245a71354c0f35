"""Django's backend for PostgreSQL, with a pool that is there again when its server is."""
