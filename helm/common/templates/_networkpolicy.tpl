{{/* Who reads /metrics, wherever it runs: without this an autoscaler would silently see nothing. */}}
{{- define "onlyonce.scrapers" -}}
{{- $labels := list -}}
{{- if and .Values.keda.enabled (eq .Values.keda.trigger "metrics-api") -}}
{{- $labels = append $labels (dict "app.kubernetes.io/name" "keda-operator") -}}
{{- end -}}
{{- if .Values.serviceMonitor.enabled -}}
{{- $labels = append $labels (dict "app.kubernetes.io/name" "prometheus") -}}
{{- end -}}
{{- range $labels }}
- namespaceSelector: {}
  podSelector:
    matchLabels:
      {{- toYaml . | nindent 6 }}
{{- end }}
{{- if and .Values.datadog.enabled .Values.datadog.metrics.enabled }}
{{- include "onlyonce.datadogAgentPeers" . }}
{{- end }}
{{- end -}}

{{/* Refuses what is not listed, both ways. The kubelet's probes are always let in. */}}
{{- define "onlyonce.networkPolicy" -}}
{{- if .Values.networkPolicy.enabled -}}
{{- $policy := .Values.networkPolicy -}}
{{- $redis := include "onlyonce.redis" . | fromYaml -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "onlyonce.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "onlyonce.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- if $policy.allowAll }}
    - ports:
        - { port: http, protocol: TCP }
    {{- else }}
    - from:
        - podSelector:
            matchLabels:
              app.kubernetes.io/instance: {{ .Release.Name }}
              app.kubernetes.io/component: helm-test
        {{- with $policy.allowFrom }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- with include "onlyonce.scrapers" . | trim }}{{ . | nindent 8 }}{{ end }}
      ports:
        - { port: http, protocol: TCP }
    {{- end }}
    {{- with $policy.extraIngress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  egress:
    # Names
    - to:
        - namespaceSelector: {}
          podSelector:
            matchLabels:
              {{- toYaml $policy.dnsPodLabels | nindent 14 }}
        {{- with $policy.dnsCIDRs }}
        {{- range . }}
        - ipBlock: { cidr: {{ . }} }
        {{- end }}
        {{- end }}
      ports:
        - { port: 53, protocol: UDP }
        - { port: 53, protocol: TCP }
    # Redis
    - ports:
        {{- range include "onlyonce.redisPorts" . | fromJsonArray }}
        - { port: {{ . }}, protocol: TCP }
        {{- end }}
      {{- if $redis.inRelease }}
      to:
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: redis
              app.kubernetes.io/instance: {{ .Release.Name }}
      {{- else if $policy.redisPeers }}
      to:
        {{- toYaml $policy.redisPeers | nindent 8 }}
      {{- end }}
    {{- if and .Values.datadog.enabled (ne .Values.datadog.agent.mode "socket") }}
    # The Datadog agent: of the node, or a Service
    - ports:
        - { port: 8126, protocol: TCP }
        - { port: 8125, protocol: UDP }
    {{- end }}
    {{- with $policy.extraEgress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- end -}}
