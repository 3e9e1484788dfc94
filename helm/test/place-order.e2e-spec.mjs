import { execFile } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServiceProcess } from '@onlyonce/service/test-support';
import { eventually } from '@onlyonce/testing';
import { anyHelm, HELM, helms, only, render } from './support/helm.mjs';
import { RedisPod } from './support/redis-pod.mjs';

const run = promisify(execFile);
const withHelm = helms.length > 0 ? describe : describe.skip;

/** What runs out by itself is no loss. @param {string} key */
const isKept = (key) => !/preflight|lock/.test(key);

// Everything that the charts put into pods, run without a cluster: the configuration, the scripts and the ACL file of
// the render as they are, except for paths, ports and host names.
withHelm.each([
  ['plain', []],
  ['with TLS', ['--set', 'global.redis.tls.enabled=true']],
])('what the umbrella chart renders, %s, run as processes', (_, flags) => {
  let redis;
  let objects;
  const services = {};

  beforeAll(async () => {
    objects = await render(anyHelm, 'onlyonce', flags);
    redis = await RedisPod.fromRender(objects);
    redis.start();
    await ready();
    for (const name of ['order', 'inventory']) {
      const { data } = only(objects, 'ConfigMap', `shop-${name}`);
      expect(data.REDIS_URL).toMatch(/^rediss?:\/\/shop-redis:6379$/);
      services[name] = await ServiceProcess.ready(name, {
        ...data,
        POD_NAME: `${name}-0`,
        HOST: '127.0.0.1',
        PORT: '0',
        // The certificate names localhost too.
        REDIS_URL: data.REDIS_URL.replace('shop-redis:6379', `localhost:${redis.port}`),
        ...(data.REDIS_TLS_CA_FILE ? { REDIS_TLS_CA_FILE: redis.authorityFile } : {}),
        REDIS_PASSWORD_FILE: redis.passwordFile(name),
      });
    }
  });
  afterAll(async () => {
    for (const service of Object.values(services)) await service.kill();
    await redis?.stop('SIGTERM');
    redis?.remove();
  });

  const ready = () =>
    eventually(
      async () =>
        expect({ ready: await redis.probe('ready'), output: redis.output }).toMatchObject({ ready: true }),
      {
        withinMs: 20_000,
        everyMs: 100,
      },
    );
  const helmTest = () =>
    run(process.execPath, [join(HELM, 'onlyonce/files/place-order.mjs')], {
      env: { ORDER_URL: services.order.url, INVENTORY_URL: services.inventory.url, TIMEOUT_SECONDS: '30' },
    });

  it('passes the helm test, with each service as its own least privileged user', async () => {
    const { stdout } = await helmTest();
    expect(stdout).toContain('accepted orders: durable');
    expect(stdout).toContain('PROVED: order');
  });

  it('gives each service its own keys and no other', async () => {
    const password = (user) => readFileSync(redis.passwordFile(user), 'utf8');
    const ask = (user, ...command) => redis.ask(user, password(user), ...command);
    expect(await ask('inventory', 'HGET', '{shop}:stock', 'helm-test')).toBe('8');
    expect(await ask('order', 'HGET', '{shop}:stock', 'helm-test')).toMatch(/NOPERM/);
    expect(await ask('inventory', 'HGETALL', '{shop}:order:o-1')).toMatch(/NOPERM/);
    expect(await ask('order', 'HGETALL', '{shop}:order:o-1')).toBe('');
    for (const command of [
      ['FLUSHALL'],
      ['KEYS', '*'],
      ['CONFIG', 'SET', 'appendonly', 'no'],
      ['ACL', 'LIST'],
    ]) {
      expect(await ask('order', ...command)).toMatch(/NOPERM/);
    }
    expect(await ask('admin', 'ACL', 'WHOAMI')).toBe('admin');
    expect(await redis.ask('default', '', 'PING')).toMatch(/NOAUTH|WRONGPASS/);
    const probe = readFileSync(join(redis.directory, 'run/probe-password'), 'utf8');
    expect(await redis.ask('probe', probe, 'INFO')).toMatch(/NOPERM/);
  });

  it('has the settings under which nothing acknowledged is lost', async () => {
    const password = readFileSync(redis.passwordFile('admin'), 'utf8');
    for (const [name, value] of [
      ['appendonly', 'yes'],
      ['appendfsync', 'always'],
      ['aof-load-truncated', 'no'],
      ['maxmemory-policy', 'noeviction'],
      ['maxmemory', String(Math.floor(0.6 * 2 ** 30))],
      ['save', ''],
    ]) {
      expect(await redis.ask('admin', password, 'CONFIG', 'GET', name)).toBe(`${name}\n${value}`.trim());
    }
  });

  // Redis loads the file in the name of the default user, and leaves out each transaction that this user may not run.
  it('has all of it again after a start', async () => {
    const password = readFileSync(redis.passwordFile('admin'), 'utf8');
    const kept = async () => ({
      keys: (await redis.ask('admin', password, 'KEYS', '*')).split('\n').filter(isKept).sort(),
      stock: await redis.ask('admin', password, 'HGETALL', '{shop}:stock'),
    });
    const before = await kept();
    expect(before.keys.length).toBeGreaterThan(3);
    await redis.stop('SIGTERM');
    redis.start();
    await ready();
    expect(await kept()).toEqual(before);
    expect(redis.output).not.toContain('CRITICAL');
    await Promise.all([services.order.becomesReady(), services.inventory.becomesReady()]);
  });

  it('repairs a torn append-only file before a start within the pod, and goes on', async () => {
    await redis.stop('SIGKILL');
    expect(await redis.probe('alive')).toBe(false);
    const folder = join(redis.dataDirectory, 'appendonlydir');
    const file = readdirSync(folder).find((name) => name.endsWith('.incr.aof'));
    appendFileSync(join(folder, file), '*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$6\r\n{shop}');
    redis.start();
    await ready();
    expect(redis.output).toMatch(/Successfully truncated AOF/);
    await Promise.all([services.order.becomesReady(), services.inventory.becomesReady()]);
    expect((await helmTest()).stdout).toContain('PROVED: order');
  });
});
