redis-cli config set maxmemory-policy allkeys-lru
