{{- define "onlyonce.serviceMonitor" -}}
{{- if .Values.serviceMonitor.enabled -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "onlyonce.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
    {{- with .Values.serviceMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      {{- include "onlyonce.selectorLabels" . | nindent 6 }}
  namespaceSelector:
    matchNames: [{{ .Release.Namespace }}]
  endpoints:
    - port: http
      path: /metrics
      interval: {{ .Values.serviceMonitor.interval }}
      scrapeTimeout: {{ .Values.serviceMonitor.scrapeTimeout }}
{{- end }}
{{- end -}}

{{- define "onlyonce.prometheusRule" -}}
{{- if .Values.prometheusRule.enabled -}}
{{- $config := include "onlyonce.config" . | fromYaml -}}
{{- $channel := ternary $config.channel $config.resultsChannel (eq .Chart.Name "inventory") -}}
{{- $group := printf `namespace="%s",channel="%s",group="%s"` .Release.Namespace $channel $config.group -}}
{{- $job := printf `namespace="%s",service="%s"` .Release.Namespace (include "onlyonce.fullname" .) -}}
{{- $rule := .Values.prometheusRule -}}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ include "onlyonce.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
    {{- with $rule.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  groups:
    - name: onlyonce-{{ .Chart.Name }}
      rules:
        - alert: OnlyonceBacklogOld
          expr: 'max(onlyonce_backlog_oldest_age_seconds{ {{- $group -}} }) > {{ $rule.backlogAgeSeconds }}'
          for: 2m
          labels: { severity: warning }
          annotations:
            summary: 'The oldest message of group {{ $config.group }} has waited for {{ "{{ $value | humanizeDuration }}" }}'
            description: Too few pods, slow handlers, or a message that fails again and again. See GET /inbox.
        - alert: OnlyonceDeadLetters
          expr: 'max(onlyonce_dead_letters{ {{- $group -}} }) > 0'
          for: 1m
          labels: { severity: warning }
          annotations:
            summary: '{{ "{{ $value }}" }} dead letters in group {{ $config.group }}'
            description: Find out why they failed (GET /inbox?state=dead), then redrive them.
        - alert: OnlyonceNoConsumer
          expr: 'max(onlyonce_live_pods{ {{- $group -}} }) == 0 or absent(onlyonce_live_pods{ {{- $group -}} })'
          for: 2m
          labels: { severity: critical }
          annotations:
            summary: 'No pod of group {{ $config.group }} is at work'
            description: Messages are accepted and wait. Nothing is lost while Redis has memory.
        - alert: OnlyonceStoreAway
          expr: 'max by (pod) (onlyonce_store_available{ {{- $job -}} }) == 0'
          for: 1m
          labels: { severity: critical }
          annotations:
            summary: '{{ "{{ $labels.pod }}" }} does not reach Redis'
            description: It is not ready and refuses orders; it goes on by itself when Redis is back.
        - alert: OnlyonceGuaranteeWeakened
          expr: 'max(onlyonce_guarantee_weaknesses{ {{- $job -}} }) > 0'
          for: 1m
          labels: { severity: critical }
          annotations:
            summary: 'This Redis can lose accepted messages'
            description: GET /guarantee of any pod says why, and what to set.
{{- end }}
{{- end -}}
