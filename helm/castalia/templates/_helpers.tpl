{{/* Names and labels. What is longer than most, or 52, ends in a hash of the whole, so that no two are the same. */}}
{{- define "castalia.name" -}}
{{- $name := printf "%s-%s" .root.Release.Name .part }}
{{- $most := .most | default 52 | int }}
{{- if gt (len $name) $most }}
{{- $name = printf "%s-%s" (trunc (sub $most 9 | int) $name | trimSuffix "-") (sha256sum $name | trunc 8) }}
{{- end }}
{{- $name -}}
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

{{/* Where Kafka and the registry are. Operators name services after them, with 63 characters at most. */}}
{{- define "castalia.kafkaName" -}}
{{ include "castalia.name" (dict "root" . "part" "kafka" "most" 47) }}
{{- end -}}

{{- define "castalia.registryName" -}}
{{ include "castalia.name" (dict "root" . "part" "registry" "most" 51) }}
{{- end -}}

{{- define "castalia.bootstrapServers" -}}
{{- if .Values.kafka.strimzi.enabled -}}
{{- with .Values.kafka.bootstrapServers }}{{ fail "kafka.bootstrapServers: leave it out with kafka.strimzi, which knows the brokers" }}{{ end -}}
{{ include "castalia.kafkaName" . }}-kafka-bootstrap:9093
{{- else -}}
{{ required "kafka.bootstrapServers: give host:port of the brokers" .Values.kafka.bootstrapServers }}
{{- end -}}
{{- end -}}

{{- define "castalia.registryUrl" -}}
{{- if .Values.registry.apicurio.enabled -}}
{{- with .Values.registry.url }}{{ fail "registry.url: leave it out with registry.apicurio, which knows it" }}{{ end -}}
http://{{ include "castalia.registryName" . }}-app-service:8080/apis/registry/v3
{{- else -}}
{{ required "registry.url: give the URL of the registry's own API" .Values.registry.url }}
{{- end -}}
{{- end -}}

{{/* What a network policy allows: the ports that are given, else those of the addresses, host:port or URLs. */}}
{{- define "castalia.ports" -}}
{{- $ports := .ports }}
{{- if not $ports }}
{{- range .addresses }}
{{- $port := regexFind "^(https?://)?[^/]+" . | regexFind ":[0-9]+$" | trimPrefix ":" }}
{{- $ports = append $ports ($port | default (ternary "443" "80" (hasPrefix "https:" .)) | int) }}
{{- end }}
{{- end }}
{{- range $ports | uniq }}
- {port: {{ . }}, protocol: TCP}
{{- end }}
{{- end -}}

{{/* The secret with a service's client.properties, or nothing. */}}
{{- define "castalia.clientConfigSecret" -}}
{{- index .root.Values.kafka.clientConfigSecrets .service -}}
{{- end -}}

{{/* The pools as the ledger reads them. The services refuse the same, but later. */}}
{{- define "castalia.pools" -}}
{{- $any := list }}
{{- $names := list }}
{{- $pools := list }}
{{- range .Values.scorer.pools }}
{{- $names = append $names .name }}
{{- if .maxParameters }}
{{- $pools = append $pools (printf "%s:%g:%g" .name (float64 .flops) (float64 .maxParameters)) }}
{{- else }}
{{- $any = append $any .name }}
{{- $pools = append $pools (printf "%s:%g" .name (float64 .flops)) }}
{{- end }}
{{- end }}
{{- if ne (len $names) (len (uniq $names)) }}{{ fail (printf "scorer.pools: two have the same name: %s" (join ", " $names)) }}{{ end }}
{{- if ne (len $any) 1 }}{{ fail (printf "scorer.pools: exactly one takes models of any size and has no maxParameters, not %d (%s)" (len $any) (join ", " $any)) }}{{ end }}
{{- join "," $pools -}}
{{- end -}}

{{/* Nine tenths, in bytes, of a size as the schema has it: Mi, Gi or Ti. */}}
{{- define "castalia.mostOf" -}}
{{- $unit := get (dict "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776) (regexFind "[MGT]i$" .) }}
{{- div (mul (regexFind "^[0-9]+" .) $unit 9) 10 -}}
{{- end -}}

{{/* What every container has in its environment. */}}
{{- define "castalia.env" -}}
- name: CASTALIA_BOOTSTRAP_SERVERS
  value: {{ include "castalia.bootstrapServers" .root | quote }}
- name: CASTALIA_REGISTRY_URL
  value: {{ include "castalia.registryUrl" .root | quote }}
{{- if include "castalia.kafkaVolumeMount" . }}
- name: CASTALIA_KAFKA_CONFIG
  value: /etc/castalia/kafka/client.properties
{{- end }}
{{- if .root.Values.logging.json }}
- name: QUARKUS_LOG_CONSOLE_JSON_ENABLED
  value: "true"
{{- end }}
{{- with .root.Values.tracing }}
{{- if .otlpEndpoint }}
- name: QUARKUS_OTEL_SDK_DISABLED
  value: "false"
- name: QUARKUS_OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  value: {{ .otlpEndpoint | quote }}
- name: QUARKUS_OTEL_TRACES_SAMPLER_ARG
  value: {{ .ratio | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "castalia.kafkaVolumeMount" -}}
{{- if or .root.Values.kafka.strimzi.enabled (include "castalia.clientConfigSecret" .) }}
- name: kafka-config
  mountPath: /etc/castalia/kafka
  readOnly: true
{{- end }}
{{- if .root.Values.kafka.strimzi.enabled }}
- name: kafka-user
  mountPath: /etc/castalia/kafka-user
  readOnly: true
- name: kafka-ca
  mountPath: /etc/castalia/kafka-ca
  readOnly: true
{{- end }}
{{- end -}}

{{- define "castalia.kafkaVolume" -}}
{{- $secret := include "castalia.clientConfigSecret" . }}
{{- if .root.Values.kafka.strimzi.enabled }}
{{- if $secret }}{{ fail (printf "kafka.clientConfigSecrets.%s: leave it out with kafka.strimzi, which makes the users" .service) }}{{ end }}
- name: kafka-config
  configMap:
    name: {{ include "castalia.kafkaName" .root }}-clients
- name: kafka-user
  secret:
    secretName: {{ include "castalia.name" (dict "root" .root "part" .service) }}
    items: [{key: sasl.jaas.config, path: sasl.jaas.config}]
    defaultMode: 0440
- name: kafka-ca
  secret:
    secretName: {{ include "castalia.kafkaName" .root }}-cluster-ca-cert
    items: [{key: ca.crt, path: ca.crt}]
{{- else if $secret }}
- name: kafka-config
  secret:
    secretName: {{ $secret }}
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

{{/* A JVM and a scorer's GPUs may take minutes to start; a service that waits for the topics has started, and lives. */}}
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
