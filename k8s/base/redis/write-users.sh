set -eu
umask 077
hash() { printf %s "$(cat "$1")" | sha256sum | cut -d ' ' -f 1; }
add() {
  name=$1 rights=$2 passwords=
  for file in "/passwords/$name/password" "/passwords/$name/previous-password"; do
    [ -s "$file" ] || continue
    passwords="$passwords #$(hash "$file")"
  done
  [ -n "$passwords" ] || { echo "user $name: its Secret has nothing under 'password'" >&2; exit 1; }
  # Redis 7.0 does not know it yet, and refuses an ACL file that names it.
  case $(redis-server --version) in *v=7.0.*) rights=$(printf %s "$rights" | sed 's/ +client|setinfo//') ;; esac
  echo "user $name reset on$passwords $rights"
}
# For the probes: may ask whether Redis answers, and nothing else. Its password lives as long as the pod.
tr -dc 'a-zA-Z0-9' < /dev/urandom | head -c 32 > /run/redis/probe-password
{
  # Nobody is this user: it is off, and has no password. Its rights it keeps: Redis loads the append-only file in its
  # name, and without them would leave out every transaction.
  echo 'user default reset off ~* &* +@all'
  echo "user probe reset on #$(hash /run/redis/probe-password) resetchannels -@all +ping"
  add admin '~* &* +@all'
  add inventory '~{shop}:order_updates:* ~{shop}:order_results:* ~{shop}:preflight-* ~{shop}:stock resetchannels &{shop}:order_updates &{shop}:order_updates:bell &{shop}:order_results &{shop}:order_results:bell &{shop}:preflight-* +ping +hello +info +time +client|setname +client|setinfo +config|get +eval +evalsha +publish +subscribe +unsubscribe +wait +get +set +mget +del +unlink +exists +type +pexpire +hget +hset +hmget +hdel +hlen +hscan +hgetall +sadd +srem +smembers +sismember +zadd +zrem +zscore +zmscore +zcard +zcount +zrange +zrangebyscore +zremrangebyscore +rpush +rename +xadd +xdel +xlen +xrange +xrevrange'
  add order '~{shop}:order_updates:* ~{shop}:order_results:* ~{shop}:preflight-* ~{shop}:order:* ~{shop}:idem:* resetchannels &{shop}:order_updates &{shop}:order_updates:bell &{shop}:order_results &{shop}:order_results:bell &{shop}:preflight-* +ping +hello +info +time +client|setname +client|setinfo +config|get +eval +evalsha +publish +subscribe +unsubscribe +wait +get +set +mget +del +unlink +exists +type +pexpire +hget +hset +hmget +hdel +hlen +hscan +hgetall +sadd +srem +smembers +sismember +zadd +zrem +zscore +zmscore +zcard +zcount +zrange +zrangebyscore +zremrangebyscore +rpush +rename +xadd +xdel +xlen +xrange +xrevrange'
} > /run/redis/users.new
mv /run/redis/users.new /run/redis/users.acl
