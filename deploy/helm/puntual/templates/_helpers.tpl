{{- define "puntual.labels" -}}
app.kubernetes.io/name: puntual
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "puntual.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "puntual.pod" -}}
automountServiceAccountToken: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
volumes:
  - name: files
    configMap: {name: {{ .Values.filesName }}}
  - name: scratch
    emptyDir: {sizeLimit: 64Mi}
{{- end }}

{{- define "puntual.container" -}}
image: {{ include "puntual.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
envFrom:
  - configMapRef: {name: {{ .Release.Name }}-settings}
  - secretRef: {name: {{ .Values.secretName }}}
volumeMounts:
  - {name: files, mountPath: /etc/puntual, readOnly: true}
  - {name: scratch, mountPath: /tmp}
  - {name: scratch, mountPath: /var/lib/puntual}
{{- end }}
