{{/* Names, labels and images, the same way in every chart. */}}

{{/* <release>-<chart>, or the release alone when its name says the chart already. */}}
{{- define "onlyonce.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- include "onlyonce.nameIn" (list . (.Values.nameOverride | default .Chart.Name)) -}}
{{- end -}}
{{- end -}}

{{/* (list context chart): the name that another chart has in this release. */}}
{{- define "onlyonce.nameIn" -}}
{{- $release := (index . 0).Release.Name -}}
{{- $chart := index . 1 -}}
{{- /* 52: of a StatefulSet, Kubernetes makes a label with a hash of 10 behind the name, and a label has 63 at most. */ -}}
{{- if eq $release $chart -}}
{{- $release -}}
{{- else -}}
{{- printf "%s-%s" (trunc (sub 51 (len $chart) | int) $release | trimSuffix "-") $chart -}}
{{- end -}}
{{- end -}}

{{- define "onlyonce.selectorLabels" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "onlyonce.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "onlyonce.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: {{ .Chart.Annotations.component }}
app.kubernetes.io/part-of: onlyonce
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Without the chart's version: a new chart that changes nothing about the pods shall not roll them. */}}
{{- define "onlyonce.podLabels" -}}
{{ include "onlyonce.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: {{ .Chart.Annotations.component }}
app.kubernetes.io/part-of: onlyonce
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* registry/repository:tag, or @digest, which wins. */}}
{{- define "onlyonce.image" -}}
{{- $registry := (.Values.global | default dict).imageRegistry | default .Values.image.registry -}}
{{- with $registry }}{{ . | trimSuffix "/" }}/{{ end -}}
{{- .Values.image.repository -}}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end -}}

{{- define "onlyonce.imagePullSecrets" -}}
{{- with concat ((.Values.global | default dict).imagePullSecrets | default list) .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "onlyonce.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "onlyonce.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "onlyonce.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "onlyonce.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
# Nothing here talks to the API of Kubernetes.
automountServiceAccountToken: false
{{- end }}
{{- end -}}

{{/* Where pods may run, and with what priority. */}}
{{- define "onlyonce.scheduling" -}}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* What the restricted Pod Security profile asks of a container, and a root file system that nobody writes. */}}
{{- define "onlyonce.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
