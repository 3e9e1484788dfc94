{{- define "onlyonce.horizontalPodAutoscaler" -}}
{{- if .Values.autoscaling.enabled -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "onlyonce.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "onlyonce.fullname" . }}
  minReplicas: {{ .Values.autoscaling.minReplicas }}
  maxReplicas: {{ .Values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ .Values.autoscaling.targetCPUUtilizationPercentage }} }
  behavior:
    scaleDown:
      stabilizationWindowSeconds: {{ .Values.autoscaling.scaleDownStabilizationSeconds }}
{{- end }}
{{- end -}}

{{/* By the depth of the backlog: what is waiting, whatever the CPUs do. */}}
{{- define "onlyonce.scaledObject" -}}
{{- if .Values.keda.enabled -}}
{{- $keda := .Values.keda -}}
{{- $config := include "onlyonce.config" . | fromYaml -}}
{{- $channel := ternary $config.channel $config.resultsChannel (eq .Chart.Name "inventory") -}}
{{- $labels := printf `channel="%s",group="%s"` $channel $config.group -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "onlyonce.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "onlyonce.fullname" . }}
  minReplicaCount: {{ $keda.minReplicaCount }}
  maxReplicaCount: {{ $keda.maxReplicaCount }}
  pollingInterval: {{ $keda.pollingInterval }}
  cooldownPeriod: {{ $keda.cooldownPeriod }}
  # Nobody can tell the depth: as many as in quiet hours, rather than none.
  fallback:
    failureThreshold: 3
    replicas: {{ $keda.fallbackReplicas }}
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleDown:
          stabilizationWindowSeconds: {{ $keda.scaleDownStabilizationSeconds }}
  triggers:
    {{- if eq $keda.trigger "metrics-api" }}
    # Any pod knows the depth of the whole group: it reads it from Redis when it is asked. Needs KEDA 2.15 or newer.
    - type: metrics-api
      metricType: AverageValue
      metadata:
        url: http://{{ include "onlyonce.fullname" . }}.{{ .Release.Namespace }}.svc:{{ .Values.service.port }}/metrics
        format: prometheus
        valueLocation: {{ printf "onlyonce_backlog_depth{%s}" $labels | squote }}
        targetValue: {{ $keda.backlogPerReplica | int64 | quote }}
    {{- else }}
    - type: prometheus
      metricType: AverageValue
      metadata:
        serverAddress: {{ $keda.prometheus.serverAddress | quote }}
        # max: every pod reports the depth of the whole group.
        query: {{ printf `max(onlyonce_backlog_depth{namespace="%s",%s})` .Release.Namespace $labels | squote }}
        threshold: {{ $keda.backlogPerReplica | int64 | quote }}
      {{- with $keda.prometheus.authenticationRef }}
      authenticationRef: { name: {{ . }} }
      {{- end }}
    {{- end }}
{{- end }}
{{- end -}}
