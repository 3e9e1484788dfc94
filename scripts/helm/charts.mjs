// @ts-check
import { join } from 'node:path';

export const HELM_DIRECTORY = join(import.meta.dirname, '../../helm');

/** Charts with values, each after those that it contains. */
export const CHARTS = /** @type {const} */ (['order', 'inventory', 'redis', 'onlyonce']);

/** What each chart has in its charts/: folders of other charts. */
export const CONTAINS = /** @type {Readonly<Record<string, readonly string[]>>} */ ({
  order: ['common'],
  inventory: ['common'],
  redis: ['common'],
  onlyonce: ['common', 'order', 'inventory', 'redis'],
});
