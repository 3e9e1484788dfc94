{{/* Unified service tagging and autodiscovery. */}}

{{- define "onlyonce.datadogVersion" -}}
{{- .Values.datadog.version | default (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}

{{- define "onlyonce.datadogLabels" -}}
{{- if .Values.datadog.enabled }}
tags.datadoghq.com/env: {{ .Values.datadog.env | quote }}
tags.datadoghq.com/service: {{ .Values.datadog.service | default .Chart.Name | quote }}
tags.datadoghq.com/version: {{ include "onlyonce.datadogVersion" . | quote }}
{{- end }}
{{- end -}}

{{/* The labels are what DD_ENV, DD_SERVICE and DD_VERSION are read from: one place to change. */}}
{{- define "onlyonce.datadogEnv" -}}
{{- if .Values.datadog.enabled }}
- name: DD_ENV
  valueFrom: { fieldRef: { fieldPath: "metadata.labels['tags.datadoghq.com/env']" } }
- name: DD_SERVICE
  valueFrom: { fieldRef: { fieldPath: "metadata.labels['tags.datadoghq.com/service']" } }
- name: DD_VERSION
  valueFrom: { fieldRef: { fieldPath: "metadata.labels['tags.datadoghq.com/version']" } }
{{- if eq .Values.datadog.agent.mode "hostIP" }}
- name: DD_AGENT_HOST
  valueFrom: { fieldRef: { fieldPath: status.hostIP } }
{{- else if eq .Values.datadog.agent.mode "service" }}
- name: DD_AGENT_HOST
  value: {{ .Values.datadog.agent.host | quote }}
{{- else if eq .Values.datadog.agent.mode "socket" }}
- name: DD_TRACE_AGENT_URL
  value: unix:///var/run/datadog/apm.socket
- name: DD_DOGSTATSD_URL
  value: unix:///var/run/datadog/dsd.socket
{{- end }}
{{- end }}
{{- end -}}

{{- define "onlyonce.datadogVolumes" -}}
{{- if and .Values.datadog.enabled (eq .Values.datadog.agent.mode "socket") }}
- name: datadog
  hostPath: { path: /var/run/datadog, type: DirectoryOrCreate }
{{- end }}
{{- end -}}

{{- define "onlyonce.datadogMounts" -}}
{{- if and .Values.datadog.enabled (eq .Values.datadog.agent.mode "socket") }}
- { name: datadog, mountPath: /var/run/datadog, readOnly: true }
{{- end }}
{{- end -}}

{{/* The same as k8s/datadog/generated/agent/annotations.json, which is made from what the services emit; a test compares. */}}
{{- define "onlyonce.datadogOpenMetrics" -}}
openmetrics_endpoint: http://%%host%%:{{ int64 .Values.containerPort }}/metrics
# A metric has the same name in Datadog as under /metrics.
namespace: ''
metrics: [onlyonce_.+, process_resident_memory_bytes, process_cpu_seconds, nodejs_eventloop_lag_p99_seconds]
exclude_metrics: [onlyonce_build_info]
tag_by_endpoint: false
# Every series gets the name of its pod.
share_labels: { onlyonce_build_info: { values: [1], labels: [pod] } }
{{- end -}}

{{/* Who the agent is to the network: as Datadog's chart labels its pods, and as its operator does. */}}
{{- define "onlyonce.datadogAgentPeers" -}}
{{- range list (dict "app.kubernetes.io/component" "agent") (dict "agent.datadoghq.com/component" "agent") }}
- namespaceSelector: {}
  podSelector:
    matchLabels:
      {{- toYaml . | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Logs, and the OpenMetrics scrape of /metrics, by the agent on the node. */}}
{{- define "onlyonce.datadogAnnotations" -}}
{{- if .Values.datadog.enabled }}
{{- if .Values.datadog.logs.enabled }}
ad.datadoghq.com/{{ .Chart.Name }}.logs: {{ list (dict "source" "nodejs" "service" (.Values.datadog.service | default .Chart.Name)) | toJson | squote }}
{{- end }}
{{- if .Values.datadog.metrics.enabled }}
ad.datadoghq.com/{{ .Chart.Name }}.checks: {{ dict "openmetrics" (dict "instances" (list (include "onlyonce.datadogOpenMetrics" . | fromYaml))) | toJson | squote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "onlyonce.datadogPodLabels" -}}
{{- include "onlyonce.datadogLabels" . }}
{{- if .Values.datadog.enabled }}
admission.datadoghq.com/enabled: {{ .Values.datadog.admissionController | quote }}
{{- end }}
{{- end -}}
