{{- define "onlyonce.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "onlyonce.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
  {{- with .Values.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .Values.service.type }}
  ports:
    - { name: http, port: {{ .Values.service.port }}, targetPort: http, protocol: TCP, appProtocol: http }
  selector:
    {{- include "onlyonce.selectorLabels" . | nindent 4 }}
{{- end -}}

{{- define "onlyonce.podDisruptionBudget" -}}
{{- if .Values.podDisruptionBudget.enabled -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "onlyonce.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
spec:
  {{- if ne (toString .Values.podDisruptionBudget.minAvailable) "" }}
  minAvailable: {{ .Values.podDisruptionBudget.minAvailable }}
  {{- else }}
  maxUnavailable: {{ .Values.podDisruptionBudget.maxUnavailable }}
  {{- end }}
  # Pods that are not ready anyway never hold up the drain of a node.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "onlyonce.selectorLabels" . | nindent 6 }}
{{- end }}
{{- end -}}
