export REDISCLI_AUTH="$(cat /run/redis/probe-password)"
answer=$(timeout "$2" redis-cli --user probe --no-auth-warning -h 127.0.0.1 ping 2>&1) || :
case "$1:$answer" in
  *:PONG | alive:*LOADING* | alive:*BUSY* | alive:*MISCONF*) exit 0 ;;
esac
echo "$answer" >&2
exit 1
