// @ts-check
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below what systems give to outgoing connections (from 32768 or 49152 on). A port from there could be taken by
 * somebody's connection between our look and the start, or while a Redis that is to come back is away; and a client
 * that calls such a port while nobody listens may even reach itself.
 */
const RANGE = { from: 20_000, to: 32_000 };
const TRIES = 100;

/** @type {Set<number>} */
const handedOut = new Set();

/**
 * A port of the loopback address that nobody listens on at this moment, and that was not handed out before.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const port = randomInt(RANGE.from, RANGE.to);
    if (handedOut.has(port) || (await portIsTaken(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`no free port from ${RANGE.from} to ${RANGE.to}`);
}

/**
 * @param {number} port
 * @returns {Promise<boolean>} whether somebody else listens on it
 */
export async function portIsTaken(port) {
  // On all addresses, as the services do.
  const server = createServer();
  try {
    server.listen(port);
    await once(server, 'listening');
  } catch {
    return true;
  }
  server.close();
  await once(server, 'close');
  return false;
}
