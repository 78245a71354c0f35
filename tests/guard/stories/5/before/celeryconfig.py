broker_url = "redis://localhost/0"
worker_concurrency = 1
