{{/* (context service): the name of a service's objects, as its own chart makes it. */}}
{{- define "umbrella.serviceName" -}}
{{- $context := index . 0 -}}
{{- $chart := index . 1 -}}
{{- $values := get $context.Values $chart -}}
{{- include "onlyonce.fullname" (dict "Values" $values "Release" $context.Release "Chart" (dict "Name" $chart)) -}}
{{- end -}}

{{- define "umbrella.testLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-test
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: helm-test
app.kubernetes.io/part-of: onlyonce
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}
