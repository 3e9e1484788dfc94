set -eu
manifest=/data/appendonlydir/appendonly.aof.manifest
if [ -f "$manifest" ]; then yes | redis-check-aof --fix "$manifest"; fi
exec redis-server /etc/redis/redis.conf
