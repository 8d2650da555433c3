{{/* Names and labels. */}}
{{- define "castalia.name" -}}
{{- printf "%s-%s" .root.Release.Name .part | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "castalia.selector" -}}
app.kubernetes.io/name: castalia
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- with .pool }}
castalia.dev/pool: {{ . }}
{{- end }}
{{- end -}}

{{- define "castalia.labels" -}}
{{ include "castalia.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "castalia.image" -}}
{{ .root.Values.image.repository }}/castalia-{{ .image }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end -}}

{{/* Where Kafka and the registry are. */}}
{{- define "castalia.bootstrapServers" -}}
{{ required "kafka.bootstrapServers: give host:port of the brokers" .Values.kafka.bootstrapServers }}
{{- end -}}

{{- define "castalia.registryUrl" -}}
{{ required "registry.url: give the URL of the registry's own API" .Values.registry.url }}
{{- end -}}

{{/* The secret with a service's client.properties, or nothing. */}}
{{- define "castalia.clientConfigSecret" -}}
{{- index .root.Values.kafka.clientConfigSecrets .service -}}
{{- end -}}

{{/* What every container has in its environment. */}}
{{- define "castalia.env" -}}
- name: CASTALIA_BOOTSTRAP_SERVERS
  value: {{ include "castalia.bootstrapServers" .root | quote }}
- name: CASTALIA_REGISTRY_URL
  value: {{ include "castalia.registryUrl" .root | quote }}
{{- if include "castalia.clientConfigSecret" . }}
- name: CASTALIA_KAFKA_CONFIG
  value: /etc/castalia/kafka/client.properties
{{- end }}
{{- end -}}

{{- define "castalia.kafkaVolumeMount" -}}
{{- if include "castalia.clientConfigSecret" . }}
- name: kafka-config
  mountPath: /etc/castalia/kafka
  readOnly: true
{{- end }}
{{- end -}}

{{- define "castalia.kafkaVolume" -}}
{{- $secret := include "castalia.clientConfigSecret" . }}
{{- if $secret }}
- name: kafka-config
  secret:
    secretName: {{ $secret }}
    items: [{key: client.properties, path: client.properties}]
    defaultMode: 0440
{{- end }}
{{- end -}}

{{/* A pod that may do nothing it need not. */}}
{{- define "castalia.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "castalia.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Start-up may take as long as the topics take to come; Kafka Streams is not live before. */}}
{{- define "castalia.probes" -}}
startupProbe:
  httpGet: {path: /q/health/started, port: http}
  periodSeconds: 5
  failureThreshold: 120
livenessProbe:
  httpGet: {path: /q/health/live, port: http}
  periodSeconds: 10
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /q/health/ready, port: http}
  periodSeconds: 5
{{- end -}}

{{- define "castalia.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}
