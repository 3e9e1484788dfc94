import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@onlyonce/testing';
import { bookOnce } from '../examples/plain-node.js';
import { OpenedClients } from './support/opened-clients.js';

let server: RedisServer;
const clients = new OpenedClients();

beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  await clients.close();
  await server.stop();
});

it('does what the README says: booked once, and a repetition is a duplicate', async () => {
  expect(await bookOnce(server.url, 'one')).toBe('accepted, duplicate');
  const witness = await clients.open(server.url);
  expect(await witness.hgetall('{bank}:balances')).toEqual({ alice: '500' });
});

it('stands in the README as it runs here', () => {
  const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
  expect(read('README.md')).toContain(read('examples/plain-node.ts').trimEnd());
});
