{{- define "onlyonce.deployment" -}}
{{- include "onlyonce.checks" . -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "onlyonce.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onlyonce.labels" . | nindent 4 }}
    {{- with include "onlyonce.datadogLabels" . | trim }}{{ . | nindent 4 }}{{ end }}
spec:
  {{- if not (or .Values.autoscaling.enabled .Values.keda.enabled) }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  revisionHistoryLimit: {{ .Values.revisionHistoryLimit }}
  # A new pod is ready before an old one leaves: there is never less than replicaCount at work.
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxUnavailable: 0, maxSurge: {{ .Values.maxSurge }} }
  selector:
    matchLabels:
      {{- include "onlyonce.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/config: {{ include "onlyonce.environment" . | sha256sum }}
        {{- with include "onlyonce.datadogAnnotations" . | trim }}{{ . | nindent 8 }}{{ end }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      labels:
        {{- include "onlyonce.podLabels" . | nindent 8 }}
        {{- with include "onlyonce.datadogPodLabels" . | trim }}{{ . | nindent 8 }}{{ end }}
        {{- with .Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "onlyonce.serviceAccountName" . }}
      automountServiceAccountToken: false
      # The variables that Kubernetes makes of every Service of the namespace would only be noise.
      enableServiceLinks: false
      {{- with include "onlyonce.imagePullSecrets" . | trim }}{{ . | nindent 6 }}{{ end }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile: { type: RuntimeDefault }
      terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
      {{- with include "onlyonce.scheduling" . | trim }}{{ . | nindent 6 }}{{ end }}
      {{- if .Values.topologySpread.enabled }}
      topologySpreadConstraints:
        {{- range $key := .Values.topologySpread.keys }}
        - maxSkew: {{ $.Values.topologySpread.maxSkew }}
          topologyKey: {{ $key }}
          whenUnsatisfiable: {{ $.Values.topologySpread.whenUnsatisfiable }}
          labelSelector:
            matchLabels:
              {{- include "onlyonce.selectorLabels" $ | nindent 14 }}
          # Each roll-out spreads by itself, without counting the pods that it replaces.
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      {{- end }}
      {{- with .Values.extraInitContainers }}
      initContainers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "onlyonce.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          securityContext:
            {{- include "onlyonce.containerSecurityContext" . | nindent 12 }}
          ports:
            - { name: http, containerPort: {{ .Values.containerPort }}, protocol: TCP }
          envFrom:
            - configMapRef: { name: {{ include "onlyonce.fullname" . }} }
            {{- with .Values.extraEnvFrom }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          env:
            - name: POD_NAME
              valueFrom: { fieldRef: { fieldPath: metadata.name } }
            {{- with include "onlyonce.secretEnv" . | trim }}{{ . | nindent 12 }}{{ end }}
            {{- with include "onlyonce.datadogEnv" . | trim }}{{ . | nindent 12 }}{{ end }}
            {{- with .Values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          startupProbe:
            httpGet: { path: /health/live, port: http }
            {{- toYaml .Values.startupProbe | nindent 12 }}
          livenessProbe:
            httpGet: { path: /health/live, port: http }
            {{- toYaml .Values.livenessProbe | nindent 12 }}
          readinessProbe:
            httpGet: { path: /health/ready, port: http }
            {{- toYaml .Values.readinessProbe | nindent 12 }}
          {{- if .Values.preStopSeconds }}
          lifecycle:
            # Works on while Services and proxies learn that this pod leaves; SIGTERM, and the drain, come after it.
            preStop:
              sleep: { seconds: {{ .Values.preStopSeconds }} }
          {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- with include "onlyonce.redisMounts" . | trim }}{{ . | nindent 12 }}{{ end }}
            {{- with include "onlyonce.datadogMounts" . | trim }}{{ . | nindent 12 }}{{ end }}
            {{- with .Values.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
        {{- with .Values.extraContainers }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      volumes:
        # For what dd-trace may write; the services write nothing.
        - name: tmp
          emptyDir: { sizeLimit: 32Mi }
        {{- with include "onlyonce.redisVolumes" . | trim }}{{ . | nindent 8 }}{{ end }}
        {{- with include "onlyonce.datadogVolumes" . | trim }}{{ . | nindent 8 }}{{ end }}
        {{- with .Values.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end -}}
