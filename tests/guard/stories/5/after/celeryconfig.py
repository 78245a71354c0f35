broker_url = "redis://localhost/0"
worker_concurrency = 1
task_acks_late = True
worker_prefetch_multiplier = 1
