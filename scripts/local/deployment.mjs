// @ts-check
import { join } from 'node:path';
import { StartedList } from './started.mjs';
import { CLONE, stateDirectory } from './state-directory.mjs';

/** @typedef {{ name: string, service: import('./pod.mjs').Service, port: number }} Member */

/** What `make up` keeps running. @type {readonly Member[]} */
export const MEMBERS = [
  { name: 'order-1', service: 'order', port: 3001 },
  { name: 'inventory-1', service: 'inventory', port: 3002 },
  { name: 'inventory-2', service: 'inventory', port: 3003 },
  { name: 'inventory-3', service: 'inventory', port: 3004 },
];

/** The name of its Redis, and of the volume with its data, if that runs in Docker. */
export const REDIS_NAME = 'up';
export const REDIS_VOLUME = `onlyonce-${CLONE}-${REDIS_NAME}`;

/** Where the members write what they have to say. */
export const logDirectory = () => stateDirectory('logs');

/** What runs at this moment, for `make down`, `make logs` and the next `make up`. */
export const startedList = () => new StartedList(join(stateDirectory(), 'up.json'));
