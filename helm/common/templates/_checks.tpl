{{/* What a schema cannot say: values that are right one by one and break something together. Each says why. */}}

{{- define "onlyonce.refuse" -}}
{{- $chart := index . 0 -}}
{{- fail (printf "\n\n%s: %s\n" $chart (index . 1)) -}}
{{- end -}}

{{/* Seconds of 90s, 30m, 12h, 7d; 0 for `forever`. */}}
{{- define "onlyonce.seconds" -}}
{{- $units := dict "ms" 0 "s" 1 "m" 60 "h" 3600 "d" 86400 -}}
{{- if eq . "forever" -}}0
{{- else -}}
{{- mul (regexFind "^[0-9]+" . | int64) (get $units (regexFind "[a-z]+$" .)) -}}
{{- end -}}
{{- end -}}

{{- define "onlyonce.checks" -}}
{{- $name := .Chart.Name -}}
{{- $config := include "onlyonce.config" . | fromYaml -}}
{{- $v := .Values -}}
{{- $drainSeconds := div (add (int64 $config.drainMs) 999) 1000 -}}

{{- $needed := add (int64 $v.preStopSeconds) $drainSeconds 5 -}}
{{- if lt (int64 $v.terminationGracePeriodSeconds) $needed -}}
{{- include "onlyonce.refuse" (list $name (printf "terminationGracePeriodSeconds is %d, but a pod that leaves may need %d: preStopSeconds (%d) + config.drainMs (%d s) + 5 s to close. It would be killed at work, and its messages would wait for their locks to run out." (int64 $v.terminationGracePeriodSeconds) $needed (int64 $v.preStopSeconds) $drainSeconds)) -}}
{{- end -}}
{{- if lt (int64 $config.handlerTimeoutMs) (int64 $config.lockTtlMs) -}}
{{- include "onlyonce.refuse" (list $name (printf "config.handlerTimeoutMs (%d) must be at least config.lockTtlMs (%d): a handler that is given up before its first lock runs out could not be told from a pod that vanished." (int64 $config.handlerTimeoutMs) (int64 $config.lockTtlMs))) -}}
{{- end -}}
{{- if ge (int64 $config.handlerDelayMs) (int64 $config.handlerTimeoutMs) -}}
{{- include "onlyonce.refuse" (list $name (printf "config.handlerDelayMs (%d) must be less than config.handlerTimeoutMs (%d), or no message would ever be processed." (int64 $config.handlerDelayMs) (int64 $config.handlerTimeoutMs))) -}}
{{- end -}}
{{- if lt (int64 $config.drainMs) (int64 $config.handlerDelayMs) -}}
{{- include "onlyonce.refuse" (list $name (printf "config.drainMs (%d) must be at least config.handlerDelayMs (%d): every pod that leaves would abandon what it is working on." (int64 $config.drainMs) (int64 $config.handlerDelayMs))) -}}
{{- end -}}
{{- if lt (int64 $config.retryMaxDelayMs) (int64 $config.retryBaseDelayMs) -}}
{{- include "onlyonce.refuse" (list $name "config.retryMaxDelayMs must not be less than config.retryBaseDelayMs.") -}}
{{- end -}}
{{- if and (not (kindIs "string" $config.maxInFlight)) (lt (int64 $config.maxInFlight) (int64 $config.concurrency)) -}}
{{- include "onlyonce.refuse" (list $name (printf "config.maxInFlight (%d) must be at least config.concurrency (%d)." (int64 $config.maxInFlight) (int64 $config.concurrency))) -}}
{{- end -}}
{{- if and (not (kindIs "string" $config.sweepIntervalMs)) (gt (int64 $config.sweepIntervalMs) (mul 10 (int64 $config.lockTtlMs))) -}}
{{- include "onlyonce.refuse" (list $name (printf "config.sweepIntervalMs (%d) is more than ten times config.lockTtlMs (%d): what a dead pod had would lie around long after its lock." (int64 $config.sweepIntervalMs) (int64 $config.lockTtlMs))) -}}
{{- end -}}
{{- if eq $config.channel $config.resultsChannel -}}
{{- include "onlyonce.refuse" (list $name "config.resultsChannel must differ from config.channel, or services would hear their own answers.") -}}
{{- end -}}
{{- if $config.orderRetention -}}
{{- $keep := include "onlyonce.seconds" $config.orderRetention | int64 -}}
{{- $remember := include "onlyonce.seconds" $config.retention | int64 -}}
{{- if and (gt $keep 0) (or (eq $remember 0) (lt $keep $remember)) -}}
{{- include "onlyonce.refuse" (list $name (printf "config.orderRetention (%s) must be at least config.retention (%s), or a repeated order would find no status." $config.orderRetention $config.retention)) -}}
{{- end -}}
{{- end -}}

{{- /* Redis */ -}}
{{- $redis := include "onlyonce.redis" . | fromYaml -}}
{{- if not (or $redis.url $redis.urlKey) -}}
{{- include "onlyonce.refuse" (list $name "redis.url is not set: say where Redis is, as redis://host:6379, redis+sentinel://h1,h2/master or redis+cluster://h1,h2 (rediss for TLS), or name a Secret that holds it by redis.existingSecret and redis.urlKey.") -}}
{{- end -}}
{{- if and $redis.url $redis.urlKey -}}
{{- include "onlyonce.refuse" (list $name "redis.url and redis.urlKey must not both be set.") -}}
{{- end -}}
{{- if and $redis.urlKey (not $redis.existingSecret) -}}
{{- include "onlyonce.refuse" (list $name "redis.urlKey needs redis.existingSecret, the Secret that has this key.") -}}
{{- end -}}
{{- if and $redis.sentinel.passwordKey (not $redis.existingSecret) -}}
{{- include "onlyonce.refuse" (list $name "redis.sentinel.passwordKey needs redis.existingSecret, the Secret that has this key.") -}}
{{- end -}}
{{- if and $redis.url (regexMatch "^[^/]*//[^/]*@" $redis.url) -}}
{{- include "onlyonce.refuse" (list $name "redis.url must not hold a user or a password: values end up in the history of the release. Use redis.username and redis.existingSecret.") -}}
{{- end -}}
{{- if and $redis.url $redis.tls.existingSecret (not (hasPrefix "rediss" $redis.url)) -}}
{{- include "onlyonce.refuse" (list $name "redis.tls.existingSecret is set, and redis.url does not begin with rediss: the connection would not be encrypted.") -}}
{{- end -}}
{{- if ne (empty $redis.tls.certKey) (empty $redis.tls.keyKey) -}}
{{- include "onlyonce.refuse" (list $name "redis.tls.certKey and redis.tls.keyKey must be set together.") -}}
{{- end -}}
{{- if and $redis.inRelease (eq $config.durability "replicated") -}}
{{- include "onlyonce.refuse" (list $name "config.durability is replicated, and the Redis of this chart has no replicas: nothing would ever be accepted. It keeps what it accepted on disk; for replicas use a Redis of your own (redis.enabled=false, global.redis.url).") -}}
{{- end -}}
{{- if and (eq $config.durability "replicated") (lt (int64 $config.waitReplicas) 1) -}}
{{- include "onlyonce.refuse" (list $name "config.waitReplicas must be at least 1 when config.durability is replicated.") -}}
{{- end -}}
{{- $nodes := len $v.lockNodes.urls -}}
{{- if and $nodes (or (lt $nodes 3) (eq (mod $nodes 2) 0)) -}}
{{- include "onlyonce.refuse" (list $name (printf "lockNodes.urls has %d entries: redlock needs an odd number of independent masters, 3 or more." $nodes)) -}}
{{- end -}}
{{- if and $nodes $v.lockNodes.existingSecret -}}
{{- include "onlyonce.refuse" (list $name "lockNodes.urls and lockNodes.existingSecret must not both be set.") -}}
{{- end -}}

{{- /* Probes */ -}}
{{- $start := add (int64 $v.startupProbe.initialDelaySeconds) (mul (int64 $v.startupProbe.periodSeconds) (int64 $v.startupProbe.failureThreshold)) -}}
{{- if and $config.requireDurable (lt $start 15) -}}
{{- include "onlyonce.refuse" (list $name (printf "startupProbe gives up after %d s; with config.requireDurable a start waits up to 3 s for what Redis says of itself before it listens. Allow 15 s or more." $start)) -}}
{{- end -}}
{{- $patience := mul (int64 $v.livenessProbe.periodSeconds) (int64 $v.livenessProbe.failureThreshold) -}}
{{- if lt (mul 1000 $patience) (int64 $config.lockTtlMs) -}}
{{- include "onlyonce.refuse" (list $name (printf "livenessProbe gives up after %d s (periodSeconds x failureThreshold), before config.lockTtlMs (%d) has passed: a pod whose handler blocks for as long as its lock allows would be killed at work." $patience (int64 $config.lockTtlMs))) -}}
{{- end -}}
{{- range $probe := list "startupProbe" "livenessProbe" "readinessProbe" -}}
{{- $p := get $v $probe -}}
{{- if gt (int64 $p.timeoutSeconds) (int64 $p.periodSeconds) -}}
{{- include "onlyonce.refuse" (list $name (printf "%s.timeoutSeconds (%d) must not be more than its periodSeconds (%d)." $probe (int64 $p.timeoutSeconds) (int64 $p.periodSeconds))) -}}
{{- end -}}
{{- end -}}

{{- /* How many */ -}}
{{- if and $v.autoscaling.enabled $v.keda.enabled -}}
{{- include "onlyonce.refuse" (list $name "autoscaling.enabled and keda.enabled must not both be set: two autoscalers on one Deployment work against each other.") -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int64 $v.autoscaling.minReplicas) (int64 $v.autoscaling.maxReplicas)) -}}
{{- include "onlyonce.refuse" (list $name (printf "autoscaling.minReplicas (%d) must not be more than autoscaling.maxReplicas (%d)." (int64 $v.autoscaling.minReplicas) (int64 $v.autoscaling.maxReplicas))) -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (not (dig "requests" "cpu" "" $v.resources)) -}}
{{- include "onlyonce.refuse" (list $name "autoscaling.enabled needs resources.requests.cpu: utilization is a share of what was asked for.") -}}
{{- end -}}
{{- if $v.keda.enabled -}}
{{- if gt (int64 $v.keda.minReplicaCount) (int64 $v.keda.maxReplicaCount) -}}
{{- include "onlyonce.refuse" (list $name (printf "keda.minReplicaCount (%d) must not be more than keda.maxReplicaCount (%d)." (int64 $v.keda.minReplicaCount) (int64 $v.keda.maxReplicaCount))) -}}
{{- end -}}
{{- if lt (int64 $v.keda.minReplicaCount) 1 -}}
{{- include "onlyonce.refuse" (list $name "keda.minReplicaCount must be at least 1: the pods themselves report the depth of the backlog, so with none at work nobody would see it grow.") -}}
{{- end -}}
{{- if or (gt (int64 $v.keda.fallbackReplicas) (int64 $v.keda.maxReplicaCount)) (lt (int64 $v.keda.fallbackReplicas) 1) -}}
{{- include "onlyonce.refuse" (list $name "keda.fallbackReplicas must be from 1 to keda.maxReplicaCount.") -}}
{{- end -}}
{{- if and (eq $v.keda.trigger "prometheus") (not $v.keda.prometheus.serverAddress) -}}
{{- include "onlyonce.refuse" (list $name "keda.trigger prometheus needs keda.prometheus.serverAddress.") -}}
{{- end -}}
{{- end -}}
{{- $least := int64 $v.replicaCount -}}
{{- if $v.autoscaling.enabled }}{{- $least = int64 $v.autoscaling.minReplicas -}}{{- end -}}
{{- if $v.keda.enabled }}{{- $least = int64 $v.keda.minReplicaCount -}}{{- end -}}
{{- $pdb := $v.podDisruptionBudget -}}
{{- if and $pdb.enabled (not (kindIs "string" $pdb.minAvailable)) (ge (int64 $pdb.minAvailable) $least) -}}
{{- include "onlyonce.refuse" (list $name (printf "podDisruptionBudget.minAvailable (%d) leaves none of %d replicas to evict: no node could be drained. Use podDisruptionBudget.maxUnavailable." (int64 $pdb.minAvailable) $least)) -}}
{{- end -}}

{{- /* Ways around the checks */ -}}
{{- $managed := list "PORT" "POD_NAME" "REDIS_URL" "REDIS_USERNAME" "REDIS_PASSWORD" "REDIS_PASSWORD_FILE" "LOCK_NODES" "DD_TRACE_ENABLED" "DOGSTATSD_ENABLED" .Chart.Annotations.apiKeyVariable -}}
{{- range $key, $_ := $v.config }}{{- $managed = append $managed ($key | snakecase | upper) -}}{{- end -}}
{{- range $v.extraEnv -}}
{{- if has .name $managed -}}
{{- include "onlyonce.refuse" (list $name (printf "extraEnv must not set %s: there is a value for it, which is checked against the others (config.%s, redis, apiKey, lockNodes, datadog)." .name (.name | lower | camelcase | untitle))) -}}
{{- end -}}
{{- end -}}
{{- if and $v.datadog.enabled $v.datadog.metrics.dogstatsd (not $v.datadog.traces.enabled) -}}
{{- include "onlyonce.refuse" (list $name "datadog.metrics.dogstatsd needs datadog.traces.enabled: dd-trace sends the metrics.") -}}
{{- end -}}
{{- if and (eq $v.datadog.agent.mode "service") $v.datadog.enabled (not $v.datadog.agent.host) -}}
{{- include "onlyonce.refuse" (list $name "datadog.agent.mode service needs datadog.agent.host.") -}}
{{- end -}}
{{- end -}}
