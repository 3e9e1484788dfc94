{{/* Unified service tagging of the pod of Redis. */}}
{{- define "redis.datadogLabels" -}}
{{- if .Values.datadog.enabled }}
tags.datadoghq.com/env: {{ .Values.datadog.env | quote }}
tags.datadoghq.com/service: {{ .Values.datadog.service | quote }}
tags.datadoghq.com/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
{{- end }}
{{- end -}}

{{/* The same as k8s/datadog/generated/agent/annotations.json; with TLS, also how. A test compares. */}}
{{- define "redis.datadogInstance" -}}
host: "%%host%%"
port: 6379
username: "%%env_REDIS_MONITOR_USER%%"
password: "%%env_REDIS_MONITOR_PASSWORD%%"
{{- if (include "redis.tls" . | fromYaml).enabled }}
ssl: true
ssl_cert_reqs: 2
ssl_ca_certs: {{ .Values.datadog.metrics.caFile | quote }}
{{- end }}
{{- end -}}

{{/* What the agent of the node is asked for. */}}
{{- define "redis.datadogAnnotations" -}}
{{- if .Values.datadog.enabled }}
{{- if .Values.datadog.logs.enabled }}
ad.datadoghq.com/redis.logs: {{ list (dict "source" "redis" "service" .Values.datadog.service) | toJson | squote }}
{{- end }}
{{- if .Values.datadog.metrics.enabled }}
ad.datadoghq.com/redis.checks: {{ dict "redisdb" (dict "instances" (list (include "redis.datadogInstance" . | fromYaml))) | toJson | squote }}
{{- end }}
{{- end }}
{{- end -}}
