// @ts-check
// What values.schema.json says beyond the type of the default: bounds, choices, forms. By path, `*` for one key.

const PORT = { minimum: 1, maximum: 65_535 };
const SECONDS = { minimum: 0, maximum: 3_600 };
const NAME = { pattern: '^[A-Za-z0-9_.-]{1,64}$' };
const DURATION = {
  pattern: '^(forever|[1-9][0-9]{0,8}[mhd]|([6-9][0-9]|[1-9][0-9]{2,8})s)$',
};
const REDIS_URL = { pattern: '^(rediss?(\\+(sentinel|cluster))?://\\S+|\\{\\{.*)?$' };
const OBJECT_NAME = { maxLength: 52, pattern: '^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$' };
const PERCENT = { minimum: 1, maximum: 100 };

/** @type {readonly (readonly [RegExp, object])[]} */
const RULES = [
  [/(^|\.)image\.pullPolicy$/, { enum: ['Always', 'IfNotPresent', 'Never'] }],
  [/(^|\.)image\.digest$/, { pattern: '^(sha256:[a-f0-9]{64})?$' }],
  [/(^|\.)image\.tag$/, { pattern: '^[A-Za-z0-9_.-]{0,128}$' }],
  [/(^|\.)image\.repository$/, { pattern: '^[a-z0-9][a-z0-9._/-]*$' }],
  [/^(name|fullname)Override$/, OBJECT_NAME],
  [/^replicaCount$/, { minimum: 0, maximum: 1_000 }],
  [/^maxSurge$/, { minimum: 1, pattern: '^[1-9][0-9]{0,2}%$' }],

  [/^config\.(namespace|channel|resultsChannel)$/, NAME],
  [/^(namespace|channel|resultsChannel)$/, NAME],
  [/^config\.group$/, { pattern: '^[A-Za-z0-9_.-]{1,40}$' }],
  [/^config\.claimStrategy$/, { enum: ['race', 'pull'] }],
  [/^config\.lockTtlMs$/, { minimum: 100, maximum: 3_600_000 }],
  [/^config\.concurrency$/, { minimum: 1, maximum: 10_000 }],
  [/^config\.maxInFlight$/, { minimum: 1, maximum: 100_000, pattern: '^$' }],
  [/^config\.handlerDelayMs$/, { minimum: 0, maximum: 3_600_000 }],
  [/^config\.handlerTimeoutMs$/, { minimum: 10, maximum: 86_400_000 }],
  [/^config\.(maxAttempts|maxTakeovers)$/, { minimum: 1, maximum: 1_000 }],
  [/^config\.retryBaseDelayMs$/, { minimum: 1, maximum: 3_600_000 }],
  [/^config\.retryMaxDelayMs$/, { minimum: 1, maximum: 86_400_000 }],
  [/^config\.sweepIntervalMs$/, { minimum: 10, maximum: 600_000, pattern: '^$' }],
  [/^config\.(retention|orderRetention)$/, DURATION],
  [/^config\.expectedRate$/, { minimum: 1, maximum: 1_000_000 }],
  [/^config\.durability$/, { enum: ['local', 'replicated'] }],
  [/^config\.waitReplicas$/, { minimum: 0, maximum: 16 }],
  [/^config\.drainMs$/, { minimum: 0, maximum: 600_000 }],
  [/^config\.maxConnections$/, { minimum: 1, maximum: 1_000_000 }],
  [/^config\.logLevel$/, { enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] }],

  [/(^|\.)redis\.url$/, REDIS_URL],
  [/^containerPort$|^service\.port$/, PORT],
  [/^service\.type$/, { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] }],
  [/Probe\.(initialDelaySeconds)$/, SECONDS],
  [/Probe\.(periodSeconds|timeoutSeconds|failureThreshold)$/, { minimum: 1, maximum: 3_600 }],
  [/^preStopSeconds$/, SECONDS],
  [/^terminationGracePeriodSeconds$/, { minimum: 15, maximum: 7_200 }],
  [/^(autoscaling\.(minReplicas|maxReplicas)|keda\.(maxReplicaCount|backlogPerReplica))$/, { minimum: 1 }],
  [/^keda\.(pollingInterval)$/, { minimum: 1 }],
  [/^keda\.trigger$/, { enum: ['metrics-api', 'prometheus'] }],
  [/^autoscaling\.targetCPUUtilizationPercentage$/, PERCENT],
  [/^podDisruptionBudget\.(maxUnavailable|minAvailable)$/, { minimum: 0, pattern: '^([0-9]{1,3}%)?$' }],
  [/^topologySpread\.whenUnsatisfiable$/, { enum: ['ScheduleAnyway', 'DoNotSchedule'] }],
  [/^topologySpread\.maxSkew$/, { minimum: 1 }],
  [/^serviceMonitor\.(interval|scrapeTimeout)$/, { pattern: '^[1-9][0-9]*(ms|s|m)$' }],
  [/^datadog\.agent\.mode$/, { enum: ['hostIP', 'service', 'socket', 'none'] }],
  [/^datadog\.traces\.sampleRate$/, { pattern: '^(0(\\.[0-9]+)?|1(\\.0+)?)?$' }],

  [/^appendfsync$/, { enum: ['always', 'everysec', 'no'] }],
  [/^maxmemoryPercent$/, { minimum: 10, maximum: 80 }],
  [/^(runAsUser|runAsGroup)$/, { minimum: 1 }],
  [/^tests\.timeoutSeconds$/, { minimum: 5, maximum: 3_600 }],
];

/** @param {string} path @returns {object} */
export function ruleFor(path) {
  return Object.assign({}, ...RULES.filter(([pattern]) => pattern.test(path)).map(([, rule]) => rule));
}

const QUANTITY = {
  type: ['string', 'integer', 'number'],
  pattern: '^[0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi|E|Ei)?$',
};
const TEXTS = { type: 'object', additionalProperties: { type: 'string' } };

/** Labels and annotations: Kubernetes takes nothing but text there. */
const MAPS_OF_TEXT = /(labels|Labels|annotations|Annotations|nodeSelector)$/;

/** @type {Readonly<Record<string, object>>} */
const TYPES = {
  map: { type: 'object' },
  quantity: QUANTITY,
  'int or percentage': { type: ['integer', 'string'] },
  "int, percentage or ''": { type: ['integer', 'string'] },
  "int or ''": { type: ['integer', 'string'] },
  'list of string': { type: 'array', items: { type: 'string', minLength: 1 } },
  'list of int': { type: 'array', items: { type: 'integer', ...PORT } },
  'list of CIDR': { type: 'array', items: { type: 'string', pattern: '^[0-9a-fA-F.:]+/[0-9]{1,3}$' } },
  'list of {name}': {
    type: 'array',
    items: {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: { name: { type: 'string', minLength: 1 } },
    },
  },
  'list of EnvVar': {
    type: 'array',
    items: {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { type: 'string', minLength: 1 },
        value: { type: 'string' },
        valueFrom: { type: 'object' },
      },
    },
  },
};

/**
 * The schema of a type that a comment names.
 * @param {string} type @param {string} path
 */
export function schemaOfType(type, path) {
  if (type === 'map' && MAPS_OF_TEXT.test(path)) return TEXTS;
  const known = TYPES[type];
  if (known) return known;
  // Parts of Kubernetes' own API: checked by Kubernetes, as the objects they become.
  if (/^list of [A-Z{]/.test(type)) return { type: 'array', items: { type: 'object' } };
  throw new Error(`${path}: no schema for the type @${type}`);
}

/** More keys than the default has, where Kubernetes knows more. */
export const OPEN_GROUPS = /** @type {Readonly<Record<string, object>>} */ ({
  'resources.requests': QUANTITY,
  'resources.limits': QUANTITY,
});
