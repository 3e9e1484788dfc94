{{/* Settings: values to environment variables. */}}

{{/* The service's config with global.config over it, as YAML. */}}
{{- define "onlyonce.config" -}}
{{- $shared := (.Values.global | default dict).config | default dict -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.config) (pick $shared "namespace" "channel" "resultsChannel" "retention" "expectedRate" "durability" "waitReplicas" "requireDurable" "claimStrategy" "logLevel")) -}}
{{- end -}}

{{/* A setting as text. Numbers of values files are floats to Helm: a million would be 1e+06. */}}
{{- define "onlyonce.text" -}}
{{- if kindIs "string" . -}}{{- . -}}{{- else if kindIs "bool" . -}}{{- . -}}{{- else -}}{{- int64 . -}}{{- end -}}
{{- end -}}

{{/* `lockTtlMs: 5000` -> `LOCK_TTL_MS: "5000"`; what is set to nothing is left to the service's own default. */}}
{{- define "onlyonce.environment" -}}
{{- $redis := include "onlyonce.redis" . | fromYaml -}}
{{- $dd := .Values.datadog -}}
PORT: {{ .Values.containerPort | int64 | quote }}
{{- range $key, $value := include "onlyonce.config" . | fromYaml }}
{{- $text := include "onlyonce.text" $value }}
{{- if ne $text "" }}
{{ $key | snakecase | upper }}: {{ $text | quote }}
{{- end }}
{{- end }}
{{- with $redis.url }}
REDIS_URL: {{ . | quote }}
{{- end }}
{{- with $redis.username }}
REDIS_USERNAME: {{ . | quote }}
{{- end }}
{{- if and $redis.existingSecret $redis.passwordKey }}
REDIS_PASSWORD_FILE: /etc/onlyonce/redis/password
{{- end }}
{{- with $redis.sentinel.master }}
REDIS_SENTINEL_MASTER: {{ . | quote }}
{{- end }}
{{- with $redis.sentinel.username }}
REDIS_SENTINEL_USERNAME: {{ . | quote }}
{{- end }}
{{- if $redis.tls.existingSecret }}
REDIS_TLS_CA_FILE: /etc/onlyonce/redis-tls/ca.crt
{{- if $redis.tls.certKey }}
REDIS_TLS_CERT_FILE: /etc/onlyonce/redis-tls/tls.crt
REDIS_TLS_KEY_FILE: /etc/onlyonce/redis-tls/tls.key
{{- end }}
{{- end }}
{{- if not $redis.tls.rejectUnauthorized }}
REDIS_TLS_REJECT_UNAUTHORIZED: "false"
{{- end }}
{{- with .Values.lockNodes.urls }}
LOCK_NODES: {{ join "," . | quote }}
{{- end }}
DD_TRACE_ENABLED: {{ and $dd.enabled $dd.traces.enabled | quote }}
{{- if $dd.enabled }}
{{- if $dd.traces.enabled }}
DD_LOGS_INJECTION: "true"
{{- with $dd.traces.sampleRate }}
DD_TRACE_SAMPLE_RATE: {{ . | quote }}
{{- end }}
DD_RUNTIME_METRICS_ENABLED: {{ $dd.traces.runtimeMetrics | quote }}
DD_PROFILING_ENABLED: {{ $dd.traces.profiling | quote }}
DOGSTATSD_ENABLED: {{ $dd.metrics.dogstatsd | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "onlyonce.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "onlyonce.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
data:
  {{- include "onlyonce.environment" . | nindent 2 }}
{{- end -}}
