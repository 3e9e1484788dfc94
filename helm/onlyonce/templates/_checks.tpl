{{/* What only the whole can see. */}}

{{- define "umbrella.checks" -}}
{{- $global := .Values.global.redis -}}
{{- $external := or $global.url $global.urlKey -}}
{{- if and .Values.redis.enabled $external -}}
{{- include "onlyonce.refuse" (list .Chart.Name "global.redis names a Redis of your own, and redis.enabled would install another that nobody uses. Set redis.enabled=false.") -}}
{{- end -}}
{{- range $name := list "order" "inventory" -}}
{{- $service := get $.Values $name -}}
{{- if and $service.enabled (not $.Values.redis.enabled) (not $external) $service.redis.inRelease -}}
{{- include "onlyonce.refuse" (list $.Chart.Name (printf "redis.enabled is false, and nothing says where Redis is instead: set global.redis.url (redis://host:6379, redis+sentinel://h1,h2/master, redis+cluster://h1,h2), or global.redis.existingSecret and global.redis.urlKey. (Asked by %s.)" $name)) -}}
{{- end -}}
{{- end -}}
{{- if .Values.redis.enabled -}}
{{- if or .Values.redis.fullnameOverride .Values.redis.nameOverride -}}
{{- include "onlyonce.refuse" (list .Chart.Name "redis.fullnameOverride and redis.nameOverride cannot be used here: the services find this Redis by the name <release>-redis.") -}}
{{- end -}}
{{- if or .Values.redis.tls.enabled .Values.redis.tls.existingSecret -}}
{{- include "onlyonce.refuse" (list .Chart.Name "redis.tls is for this Redis alone; set global.redis.tls.enabled and global.redis.tls.existingSecret, which the services see as well.") -}}
{{- end -}}
{{- range $name := list "order" "inventory" -}}
{{- $service := get $.Values $name -}}
{{- if $service.enabled -}}
{{- range $key := list "namespace" "channel" "resultsChannel" -}}
{{- $one := get $service.config $key -}}
{{- $two := get $.Values.redis $key -}}
{{- if and (not (hasKey $.Values.global.config $key)) (ne $one $two) -}}
{{- include "onlyonce.refuse" (list $.Chart.Name (printf "%s.config.%s (%s) differs from redis.%s (%s): its user would have no right to what it needs. Set global.config.%s, for all three." $name $key $one $key $two $key)) -}}
{{- end -}}
{{- end -}}
{{- $secret := (get $.Values.redis.users $name).existingSecret -}}
{{- if ne ($service.redis.existingSecret | default "") ($secret | default "") -}}
{{- include "onlyonce.refuse" (list $.Chart.Name (printf "redis.users.%s.existingSecret and %s.redis.existingSecret must be the same: Redis and the service read the password from it." $name $name)) -}}
{{- end -}}
{{- if not (get $.Values.redis.users $name).enabled -}}
{{- include "onlyonce.refuse" (list $.Chart.Name (printf "redis.users.%s.enabled is false, and %s could not log in." $name $name)) -}}
{{- end -}}
{{- $requires := $.Values.global.config.requireDurable -}}
{{- if kindIs "invalid" $requires }}{{- $requires = $service.config.requireDurable -}}{{- end -}}
{{- if and $requires (ne $.Values.redis.appendfsync "always") -}}
{{- include "onlyonce.refuse" (list $.Chart.Name (printf "redis.appendfsync is %s, and %s.config.requireDurable would refuse to start on that. Set global.config.requireDurable=false if accepted orders may be lost." $.Values.redis.appendfsync $name)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.order.enabled .Values.inventory.enabled -}}
{{- range $key := list "namespace" "channel" "resultsChannel" "retention" "expectedRate" -}}
{{- $one := get $.Values.order.config $key -}}
{{- $two := get $.Values.inventory.config $key -}}
{{- if and (not (hasKey $.Values.global.config $key)) (ne (toString $one) (toString $two)) -}}
{{- include "onlyonce.refuse" (list $.Chart.Name (printf "order.config.%s (%v) and inventory.config.%s (%v) must be the same, or the two would not work on the same messages. Set global.config.%s." $key $one $key $two $key)) -}}
{{- end -}}
{{- end -}}
{{- if eq .Values.order.config.group .Values.inventory.config.group -}}
{{- include "onlyonce.refuse" (list .Chart.Name "order.config.group and inventory.config.group must differ: each hears another channel.") -}}
{{- end -}}
{{- end -}}
{{- end -}}
