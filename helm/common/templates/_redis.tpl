{{/* Which Redis a service uses, as YAML: global.redis if it names one, else that of the release, else its own values. */}}
{{- define "onlyonce.redis" -}}
{{- $global := (.Values.global | default dict).redis | default dict -}}
{{- $globalTls := $global.tls | default dict -}}
{{- $own := .Values.redis -}}
{{- $found := dict -}}
{{- if or $global.url $global.urlKey -}}
{{- $found = mergeOverwrite (deepCopy $own) (deepCopy (omit $global "tls" "sentinel")) (dict "inRelease" false) -}}
{{- $_ := set $found "tls" (mergeOverwrite (deepCopy $own.tls) (omit $globalTls "enabled")) -}}
{{- $_ := set $found "sentinel" (mergeOverwrite (deepCopy $own.sentinel) ($global.sentinel | default dict)) -}}
{{- range $key := list "url" "urlKey" "username" "existingSecret" -}}
{{- $_ := set $found $key (tpl (get $global $key | default "") $) -}}
{{- end -}}
{{- $_ := set $found "passwordKey" (tpl $found.passwordKey $) -}}
{{- else if $own.inRelease -}}
{{- $redis := include "onlyonce.nameIn" (list . "redis") -}}
{{- $scheme := ternary "rediss" "redis" ($globalTls.enabled | default false) -}}
{{- $found = deepCopy $own -}}
{{- $_ := set $found "url" (printf "%s://%s:6379" $scheme $redis) -}}
{{- $_ := set $found "urlKey" "" -}}
{{- $_ := set $found "username" .Chart.Name -}}
{{- $_ := set $found "existingSecret" ($own.existingSecret | default (printf "%s-%s" $redis .Chart.Name)) -}}
{{- if $globalTls.enabled -}}
{{- $_ := set $found "tls" (mergeOverwrite (deepCopy $own.tls) (dict "existingSecret" ($globalTls.existingSecret | default (printf "%s-tls" $redis)) "caKey" ($globalTls.caKey | default "ca.crt"))) -}}
{{- else -}}
{{- $_ := set $found "tls" (mergeOverwrite (deepCopy $own.tls) (dict "existingSecret" "" "certKey" "")) -}}
{{- end -}}
{{- else -}}
{{- $found = deepCopy $own -}}
{{- end -}}
{{- toYaml $found -}}
{{- end -}}

{{/* Environment that comes from Secrets: never a value in a manifest, only where it is. */}}
{{- define "onlyonce.secretEnv" -}}
{{- $redis := include "onlyonce.redis" . | fromYaml -}}
{{- if $redis.urlKey }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef: { name: {{ $redis.existingSecret }}, key: {{ $redis.urlKey }} }
{{- end }}
{{- if $redis.sentinel.passwordKey }}
- name: REDIS_SENTINEL_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ $redis.existingSecret }}, key: {{ $redis.sentinel.passwordKey }} }
{{- end }}
{{- if .Values.lockNodes.existingSecret }}
- name: LOCK_NODES
  valueFrom:
    secretKeyRef: { name: {{ .Values.lockNodes.existingSecret }}, key: {{ .Values.lockNodes.key }} }
{{- end }}
{{- with .Values.apiKey }}
{{- if .existingSecret }}
- name: {{ $.Chart.Annotations.apiKeyVariable }}
  valueFrom:
    secretKeyRef: { name: {{ .existingSecret }}, key: {{ .key }} }
{{- end }}
{{- end }}
{{- end -}}

{{/* Files of the Redis connection: mounted, so that they are in no environment that a crash report copies. */}}
{{- define "onlyonce.redisVolumes" -}}
{{- $redis := include "onlyonce.redis" . | fromYaml -}}
{{- if and $redis.existingSecret $redis.passwordKey }}
- name: redis-password
  secret:
    secretName: {{ $redis.existingSecret }}
    defaultMode: 0440
    items:
      - { key: {{ $redis.passwordKey }}, path: password }
{{- end }}
{{- if $redis.tls.existingSecret }}
- name: redis-tls
  secret:
    secretName: {{ $redis.tls.existingSecret }}
    defaultMode: 0440
    items:
      - { key: {{ $redis.tls.caKey }}, path: ca.crt }
      {{- if $redis.tls.certKey }}
      - { key: {{ $redis.tls.certKey }}, path: tls.crt }
      - { key: {{ $redis.tls.keyKey }}, path: tls.key }
      {{- end }}
{{- end }}
{{- end -}}

{{- define "onlyonce.redisMounts" -}}
{{- $redis := include "onlyonce.redis" . | fromYaml -}}
{{- if and $redis.existingSecret $redis.passwordKey }}
- { name: redis-password, mountPath: /etc/onlyonce/redis, readOnly: true }
{{- end }}
{{- if $redis.tls.existingSecret }}
- { name: redis-tls, mountPath: /etc/onlyonce/redis-tls, readOnly: true }
{{- end }}
{{- end -}}

{{/* Ports of the nodes that the URL names, for the network policy; a JSON list. */}}
{{- define "onlyonce.redisPorts" -}}
{{- $redis := include "onlyonce.redis" . | fromYaml -}}
{{- $ports := list -}}
{{- if .Values.networkPolicy.redisPorts -}}
{{- range .Values.networkPolicy.redisPorts }}{{- $ports = append $ports (int64 .) -}}{{- end -}}
{{- else if $redis.url -}}
{{- $hosts := regexReplaceAll "^[^/]*//([^/]*).*$" $redis.url "${1}" -}}
{{- $sentinel := contains "+sentinel" $redis.url -}}
{{- range splitList "," $hosts -}}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" .) -}}
{{- $ports = append $ports (int64 ($port | default (ternary "26379" "6379" $sentinel))) -}}
{{- end -}}
{{- if $sentinel }}{{- $ports = append $ports (int64 6379) -}}{{- end -}}
{{- else -}}
{{- $ports = list (int64 6379) -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}
