// @ts-check
import { docker } from '../../local/docker.mjs';
import { ROOT } from '../../local/state-directory.mjs';
import { followed, LogCommand } from '../capture/log-command.mjs';
import { nothingToEnd } from './nothing-to-end.mjs';

/**
 * What `docker compose up` runs from the file of this repository.
 * @param {Date} since
 * @returns {Promise<import('./system.mjs').System>}
 * @throws Error when it does not run
 */
export async function composeSystem(since) {
  const compose = ['compose', '--project-directory', ROOT];
  const urlOf = async (/** @type {string} */ service, /** @type {string} */ port) => {
    try {
      // The address may be that of every interface; this one is surely there.
      const address = await docker([...compose, 'port', service, port]);
      return `http://${address.replace(/^(0\.0\.0\.0|\[::\])/, '127.0.0.1')}`;
    } catch (error) {
      throw new Error(
        `TARGET=compose: no ${service} container runs; docker compose up --build --wait starts it`,
        {
          cause: error,
        },
      );
    }
  };
  const orderUrl = await urlOf('order', '3001');
  const inventoryUrl = await urlOf('inventory', '3002');
  const names = (await docker([...compose, 'ps', '--format', '{{.Name}}'])).split('\n').filter(Boolean);
  const logs = followed('docker compose logs --no-color --no-log-prefix order inventory', since);
  return {
    what: `docker compose (${names.join(', ')})`,
    orderUrl,
    inventoryUrl,
    lines: new LogCommand([...['docker', ...compose], ...logs.slice(2)]),
    logFiles: [],
    judgedBy: ['--order-url', orderUrl, '--inventory-url', inventoryUrl],
    ...nothingToEnd,
  };
}
