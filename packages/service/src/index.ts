export { answered, callFault } from './answered.js';
export { connectionLog } from './connection-log.js';
export { holdBeforeCommit } from './hold-before-commit.js';
export { serveApiDocs } from './http/api-docs.js';
export { ApiKeyGuard, NeedsApiKey } from './http/api-key.guard.js';
export { ApiProblem } from './http/api-problem.decorator.js';
export { createAdapter } from './http/create-adapter.js';
export { fieldFaults } from './http/field-faults.js';
export { jsonSchemaOf } from './http/json-schema-of.js';
export { ProblemFilter } from './http/problem.filter.js';
export {
  badRequest,
  conflict,
  notFound,
  ProblemError,
  unavailable,
  type FieldFault,
} from './http/problem.js';
export { SchemaPipe } from './http/schema.pipe.js';
export { stopOnSignals } from './http/stop-on-signals.js';
export type { Identity } from './identity.js';
export { LOCK_NODES, LockNodesModule, type LockNodes } from './lock-nodes.module.js';
