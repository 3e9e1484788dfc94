// Read by main.ts before the tracer is loaded: nothing behind this door may load Nest, Fastify, a Redis client or pino.
// Imports of their types are fine.
export { commonSettings } from './common-settings.js';
export { crossCheckCommon, type CommonConfig } from './cross-check.js';
export { settingsTable } from './describe.js';
export { durationMs } from './duration.js';
export { engineOptions, storeOptions } from './engine-options.js';
export { podNameOf } from './pod-name.js';
export { ConfigError, readConfig, type ConfigOf, type Environment } from './read-config.js';
export { redisAccess } from './redis-access.js';
export { duration, integer, name, text, type Setting } from './setting.js';
