import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const dockerfile = read('Dockerfile');
const compose = read('docker-compose.yml');
const workspaces = [
  ...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`),
  'order',
  'inventory',
];

describe('the Dockerfile', () => {
  it.each(workspaces)('copies the manifest of %s before npm runs', (workspace) => {
    const copied = dockerfile.indexOf(`COPY ${workspace}/package.json ${workspace}/`);
    expect(copied).toBeGreaterThan(0);
    expect(copied).toBeLessThan(dockerfile.indexOf('npm ci'));
  });

  it.each(['order', 'inventory'])('takes along each package of ours that %s depends on', (service) => {
    const { dependencies } = JSON.parse(read(`${service}/package.json`));
    const ours = Object.keys(dependencies).filter((name) => name.startsWith('@onlyonce/'));
    const [, copied] = /for name in ([a-z ]+);/.exec(dockerfile);
    expect(copied.split(' ')).toEqual(expect.arrayContaining(ours.map((name) => name.split('/')[1])));
  });

  it('and Compose name the version of the services', () => {
    const { version } = JSON.parse(read('order/package.json'));
    expect(JSON.parse(read('inventory/package.json')).version).toBe(version);
    const named = [
      ...dockerfile.matchAll(/^ARG VERSION=(.+)$/gm),
      ...compose.matchAll(/DD_VERSION:-([^}]+)}/g),
    ];
    expect(named.length).toBeGreaterThan(3);
    expect(new Set(named.map(([, name]) => name))).toEqual(new Set([version]));
  });

  it('pulls no frontend and no base image but Node.js', () => {
    expect(dockerfile).not.toMatch(/^# *syntax *=/im);
    const known = new Set([...dockerfile.matchAll(/ AS (\S+)$/gm)].map(([, stage]) => stage));
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)]
      .map(([, base]) => base)
      .filter((base) => !known.has(base));
    expect(new Set(bases)).toEqual(new Set(['${NODE_IMAGE}']));
  });
});
