// @ts-check
/**
 * A lock that everybody gets. No guarantee may rest on a lock (docs/protocol.md), so the campaign runs with this one.
 * @type {import('@onlyonce/core').LockProvider}
 */
export const alwaysYes = {
  acquire: async (resource, ttlMs) => ({ kind: 'acquired', lock: lockOf(resource, ttlMs) }),
  extend: async ({ resource }, ttlMs) => ({ kind: 'acquired', lock: lockOf(resource, ttlMs) }),
  release: async () => undefined,
};

/**
 * @param {string} resource
 * @param {number} ttlMs
 */
const lockOf = (resource, ttlMs) => ({
  resource,
  value: 'everybody',
  validUntilMs: performance.now() + ttlMs,
});
