{{/* What is mounted at /etc/redis. */}}
{{- define "redis.files" -}}
{{- $tls := include "redis.tls" . | fromYaml -}}
redis.conf: |
  dir /data
  aclfile /run/redis/users.acl
  # The ACL file is the lock; NetworkPolicy the fence.
  protected-mode no
  {{- if $tls.enabled }}
  port 0
  tls-port 6379
  tls-cert-file /etc/redis-tls/tls.crt
  tls-key-file /etc/redis-tls/tls.key
  tls-ca-cert-file /etc/redis-tls/ca.crt
  tls-auth-clients {{ ternary "yes" "no" .Values.tls.clientCertificates }}
  {{- else }}
  port 6379
  {{- end }}
  # Acknowledged means on disk (docs/protocol.md).
  appendonly yes
  appendfsync {{ .Values.appendfsync }}
  no-appendfsync-on-rewrite no
  aof-load-truncated no
  save ""
  # {{ .Values.maxmemoryPercent }}% of {{ .Values.resources.limits.memory }}
  maxmemory {{ include "redis.maxmemory" . }}
  maxmemory-policy noeviction
  # A subscriber that does not read is cut off; it sweeps what it missed.
  client-output-buffer-limit pubsub 32mb 8mb 60
  maxmemory-clients 10%
  tcp-keepalive 60
  shutdown-timeout {{ sub .Values.terminationGracePeriodSeconds 10 }}
  {{- range $directive, $value := .Values.extraConfig }}
  {{ $directive }} {{ include "onlyonce.text" $value }}
  {{- end }}
# Writes the ACL file from the mounted passwords, hashed. Runs once per pod, before Redis.
write-users.sh: |
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
    {{- range $name := (include "redis.users" . | fromYaml).users }}
    add {{ $name }} '{{ include "redis.rights" (list $ $name) }}'
    {{- end }}
  } > /run/redis/users.new
  mv /run/redis/users.new /run/redis/users.acl
# Before every start, also one after a crash within the pod, which runs no init container: a tail torn in the middle
# of a transaction is cut off before its beginning. Redis itself would cut after its last whole command, and the start
# after the next one would be corrupt; aof-load-truncated no forbids it that.
start.sh: |
  set -eu
  manifest=/data/appendonlydir/appendonly.aof.manifest
  if [ -f "$manifest" ]; then yes | redis-check-aof --fix "$manifest"; fi
  exec redis-server /etc/redis/redis.conf
# alive: any answer of Redis will do, loading or busy too. ready: PONG.
probe.sh: |
  export REDISCLI_AUTH="$(cat /run/redis/probe-password)"
  answer=$(timeout "$2" redis-cli --user probe --no-auth-warning -h 127.0.0.1{{ if $tls.enabled }} --tls --cacert /etc/redis-tls/ca.crt --sni localhost{{ if .Values.tls.clientCertificates }} --cert /etc/redis-tls/tls.crt --key /etc/redis-tls/tls.key{{ end }}{{ end }} ping 2>&1) || :
  case "$1:$answer" in
    *:PONG | alive:*LOADING* | alive:*BUSY* | alive:*MISCONF*) exit 0 ;;
  esac
  echo "$answer" >&2
  exit 1
{{- end -}}
