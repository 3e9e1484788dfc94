// @ts-check
import { join } from 'node:path';
import { logDirectory, MEMBERS, startedList } from '../../local/deployment.mjs';
import { isRunning } from '../../local/living-process.mjs';
import { FileTails } from '../capture/file-tails.mjs';
import { nothingToEnd } from './nothing-to-end.mjs';

/**
 * What `make up` keeps running.
 * @param {import('../settings.mjs').LoadSettings} settings
 * @returns {import('./system.mjs').System}
 * @throws Error when it does not run
 */
export function upSystem({ target }) {
  const running = new Set(
    startedList()
      .entries()
      .filter((entry) => entry.kind === 'process' && isRunning(entry.pid, entry.marker))
      .map(({ name }) => name),
  );
  const urlOf = (/** @type {string} */ service) => {
    const member = MEMBERS.find((one) => one.service === service && running.has(one.name));
    if (!member)
      throw new Error(`TARGET=${target}: no ${service} process of make up runs here; make up starts it`);
    return `http://127.0.0.1:${member.port}`;
  };
  const orderUrl = urlOf('order');
  const inventoryUrl = urlOf('inventory');
  return {
    what: `make up (${[...running].filter((name) => name !== 'redis').join(', ')})`,
    orderUrl,
    inventoryUrl,
    lines: new FileTails([join(logDirectory(), '*.jsonl')]),
    logFiles: [],
    judgedBy: ['--order-url', orderUrl, '--inventory-url', inventoryUrl],
    ...nothingToEnd,
  };
}
