# Each request has to be done within this time.
worker_processes 4
preload_app true
timeout 30
listen "/tmp/unicorn.sock", :backlog => 64
