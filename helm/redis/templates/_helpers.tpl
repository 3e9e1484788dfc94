{{/* Quantities of memory as bytes: 512Mi, 1.5Gi, 2G, plain bytes. */}}
{{- define "redis.bytes" -}}
{{- $text := toString . -}}
{{- $unit := regexFind "[A-Za-z]*$" $text -}}
{{- $factor := get (dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776) $unit -}}
{{- if not $factor -}}
{{- fail (printf "\n\nredis: resources.limits.memory: %s is not a quantity of memory like 512Mi or 2Gi\n" $text) -}}
{{- end -}}
{{- mulf (trimSuffix $unit $text | float64) $factor | floor | int64 -}}
{{- end -}}

{{- define "redis.maxmemory" -}}
{{- if not (dig "limits" "memory" "" .Values.resources) -}}
{{- fail "\n\nredis: resources.limits.memory is not set: maxmemory is made from it, and without one Redis would grow until its node kills it\n" -}}
{{- end -}}
{{- div (mul (include "redis.bytes" .Values.resources.limits.memory | int64) (int64 .Values.maxmemoryPercent)) 100 -}}
{{- end -}}

{{/* TLS as the chart above sees it, or as this one does. */}}
{{- define "redis.tls" -}}
{{- $global := dig "redis" "tls" dict (.Values.global | default dict) -}}
enabled: {{ or .Values.tls.enabled ($global.enabled | default false) }}
secret: {{ $global.existingSecret | default .Values.tls.existingSecret | default (printf "%s-tls" (include "onlyonce.fullname" .)) }}
make: {{ not (or $global.existingSecret .Values.tls.existingSecret) }}
{{- end -}}

{{/* (context key): namespace, channel or resultsChannel, as the chart above sets it for all, or as this one does. */}}
{{- define "redis.shared" -}}
{{- $key := index . 1 -}}
{{- get (dig "config" dict ((index . 0).Values.global | default dict)) $key | default (get (index . 0).Values $key) -}}
{{- end -}}

{{/* Whether Datadog's agent reads figures of Redis. */}}
{{- define "redis.datadogMetrics" -}}
{{- if and .Values.datadog.enabled .Values.datadog.metrics.enabled }}true{{ end -}}
{{- end -}}

{{/* The users that there are, as a list under `users`. */}}
{{- define "redis.users" -}}
{{- $users := list -}}
{{- range $name, $user := .Values.users -}}
{{- if or $user.enabled (and (eq $name "monitor") (include "redis.datadogMetrics" $)) -}}
{{- $users = append $users $name -}}
{{- end -}}
{{- end -}}
{{- dict "users" $users | toYaml -}}
{{- end -}}

{{/* (context user): the Secret that holds a user's password. */}}
{{- define "redis.userSecret" -}}
{{- $user := index (index . 0).Values.users (index . 1) -}}
{{- $user.existingSecret | default (printf "%s-%s" (include "onlyonce.fullname" (index . 0)) (index . 1)) -}}
{{- end -}}

{{/* The commands that packages/redis/README.md lists, under "Rights"; a test compares. */}}
{{- define "redis.serviceCommands" -}}
+ping +hello +info +time +client|setname +client|setinfo +config|get
{{- " " -}}
+eval +evalsha +publish +subscribe +unsubscribe +wait
{{- " " -}}
+get +set +mget +del +unlink +exists +type +pexpire
{{- " " -}}
+hget +hset +hmget +hdel +hlen +hscan +hgetall +sadd +srem +smembers +sismember
{{- " " -}}
+zadd +zrem +zscore +zmscore +zcard +zcount +zrange +zrangebyscore +zremrangebyscore +rpush +rename
{{- " " -}}
+xadd +xdel +xlen +xrange +xrevrange
{{- end -}}

{{/* (context keys...): keys and channels of both services, of the probe that they make at start, and what is given. */}}
{{- define "redis.serviceRights" -}}
{{- $context := index . 0 -}}
{{- $namespace := include "redis.shared" (list $context "namespace") -}}
{{- $channels := list (include "redis.shared" (list $context "channel")) (include "redis.shared" (list $context "resultsChannel")) -}}
{{- range $channels }}~{ {{- $namespace -}} }:{{ . }}:* {{ end -}}
~{ {{- $namespace -}} }:preflight-* {{ range rest . }}~{ {{- $namespace -}} }:{{ . }} {{ end -}}
resetchannels {{ range $channels }}&{ {{- $namespace -}} }:{{ . }} &{ {{- $namespace -}} }:{{ . }}:bell {{ end -}}
&{ {{- $namespace -}} }:preflight-* {{ include "redis.serviceCommands" $context -}}
{{- end -}}

{{- define "redis.rights" -}}
{{- $user := index . 1 -}}
{{- if eq $user "admin" -}}
~* &* +@all
{{- else if eq $user "monitor" -}}
resetchannels +ping +hello +info +client|setname +client|setinfo +config|get +slowlog|get
{{- else if eq $user "order" -}}
{{- include "redis.serviceRights" (list (index . 0) "order:*" "idem:*") -}}
{{- else if eq $user "inventory" -}}
{{- include "redis.serviceRights" (list (index . 0) "stock") -}}
{{- end -}}
{{- end -}}

{{- define "redis.checks" -}}
{{- if not (or .Values.persistence.enabled .Values.acknowledgeDataLoss) -}}
{{- include "onlyonce.refuse" (list .Chart.Name "persistence.enabled is false: accepted orders, stock and processed ids would be gone with the pod, and repeated orders would take effect again. Set acknowledgeDataLoss=true if that is what you want.") -}}
{{- end -}}
{{- if eq .Values.appendfsync "no" -}}
{{- include "onlyonce.refuse" (list .Chart.Name "appendfsync no: what was accepted would reach the disk whenever the kernel likes. Use always, or everysec with acknowledgeDataLoss=true.") -}}
{{- end -}}
{{- if and (eq .Values.appendfsync "everysec") (not .Values.acknowledgeDataLoss) -}}
{{- include "onlyonce.refuse" (list .Chart.Name "appendfsync everysec: a crash of the machine loses about the last second of accepted orders. Set acknowledgeDataLoss=true if that is what you want (and requireDurable=false for the services).") -}}
{{- end -}}
{{- if ne .Values.maxmemoryPolicy "noeviction" -}}
{{- include "onlyonce.refuse" (list .Chart.Name (printf "maxmemoryPolicy %s: under memory pressure processed ids would be evicted, and repeated orders would take effect again. Only noeviction keeps the guarantee." .Values.maxmemoryPolicy)) -}}
{{- end -}}
{{- if and (include "redis.datadogMetrics" .) (include "redis.tls" . | fromYaml).enabled -}}
{{- if .Values.tls.clientCertificates -}}
{{- include "onlyonce.refuse" (list .Chart.Name "datadog.metrics.enabled with tls.clientCertificates: the agent has no certificate to show. Set datadog.metrics.enabled=false, or tls.clientCertificates=false.") -}}
{{- end -}}
{{- if not .Values.datadog.metrics.caFile -}}
{{- include "onlyonce.refuse" (list .Chart.Name "datadog.metrics.enabled with TLS: the agent would send the password of users.monitor to whoever answers. Mount the authority into the agent and say where in datadog.metrics.caFile, or set datadog.metrics.enabled=false.") -}}
{{- end -}}
{{- end -}}
{{- $ours := list "appendonly" "appendfsync" "aof-load-truncated" "appenddirname" "appendfilename" "maxmemory" "maxmemory-policy" "no-appendfsync-on-rewrite" "save" "dir" "aclfile" "user" "requirepass" "port" "tls-port" "bind" "protected-mode" "tls-cert-file" "tls-key-file" "tls-ca-cert-file" "tls-auth-clients" "include" "replicaof" "slaveof" "rename-command" "daemonize" "enable-debug-command" "enable-module-command" "loadmodule" -}}
{{- range $directive, $_ := .Values.extraConfig -}}
{{- if has (lower $directive) $ours -}}
{{- include "onlyonce.refuse" (list $.Chart.Name (printf "extraConfig must not set %s: the guarantee, or the chart, rests on it." $directive)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
