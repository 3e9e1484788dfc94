import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { anyHelm, HELM, helms, only, refusal, render, runHelm, scratch } from './support/helm.mjs';
import { flagsFor, VALUE_SETS } from './support/value-sets.mjs';

const withHelm = helms.length > 0 ? describe : describe.skip;
const ROOT = join(HELM, '..');
const directory = scratch();
const RELEASED = join(import.meta.dirname, 'released');

// Helm 3 asks for a cluster even in a dry run; there `helm template` shows as much.
const dryRunning = helms.filter(({ major }) => major === '4');
const withHelm4 = dryRunning.length > 0 ? describe : describe.skip;

withHelm4.each(dryRunning)('an installation with Helm $major', (helm) => {
  const dryRun = (chart, ...flags) =>
    runHelm(helm, ['install', 'onlyonce', chart, '--namespace', 'trade', '--dry-run=client', ...flags]);

  it('works from what git has, without a dependency step', async () => {
    const clone = join(directory, 'clone');
    const tracked = execFileSync('git', ['ls-files', 'helm/onlyonce'], { cwd: ROOT, encoding: 'utf8' });
    for (const path of tracked.trim().split('\n')) {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      cpSync(join(ROOT, path), join(clone, path));
    }
    const said = await dryRun(join(clone, 'helm/onlyonce'), '--set', 'inventory.replicaCount=5');
    expect(said).toContain('replicas: 5');
    expect(said).toContain('STATUS: pending-install');
    for (const each of helms) {
      const objects = await render(each, join(clone, 'helm/onlyonce'), ['--set', 'inventory.replicaCount=5']);
      expect(only(objects, 'Deployment', 'shop-inventory').spec.replicas).toBe(5);
    }
  });

  it('tells the next three commands', async () => {
    const notes = (await dryRun('onlyonce')).split('NOTES:')[1];
    expect(notes.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ']);
    expect(notes).toContain('helm test onlyonce --namespace trade --logs');
    expect(notes).toContain('port-forward svc/onlyonce-order 3001');
    expect(notes).toContain('curl localhost:3001/orders');
    // 60% of 1 GiB, 630 bytes each, for ever.
    expect(notes).toContain('about 1022 thousand orders in all');
    expect(notes).not.toContain('WARNING');
  });

  it('counts what orders leave behind, ids and records, as docs/runbook.md does', async () => {
    const notes = await dryRun(
      'onlyonce',
      ...flagsFor({ global: { config: { retention: '1d' } }, order: { config: { orderRetention: '2d' } } }),
    );
    // 644,245,094 bytes / (86,400 s x 180 + 172,800 s x 450)
    expect(notes).toContain('6 orders per second');
  });

  it('says in its notes what deserves a second thought', async () => {
    const ingress = { enabled: true, hosts: ['shop.example'] };
    const notes = await dryRun(
      'onlyonce',
      ...flagsFor({ order: { ingress }, inventory: { replicaCount: 8 } }),
    );
    expect(notes).toContain('anybody may place orders');
    expect(notes).toContain('claimStrategy=pull is cheaper');
  });

  it.each(['order', 'inventory'])('of %s alone tells three commands too', async (chart) => {
    const notes = (await dryRun(chart, '--set', 'redis.url=redis://store')).split('NOTES:')[1];
    expect(notes.match(/^\d\. /gm)).toHaveLength(3);
  });
});

withHelm.each(helms)('a release with Helm $major', (helm) => {
  it('refuses a Kubernetes that is too old for its probes and hooks', async () => {
    const said = await refusal(helm, ['template', 'x', 'onlyonce', '--kube-version', '1.29.0']);
    expect(said).toMatch(/requires kubeVersion: >=1\.30/);
  });

  it('never shows a password of Redis to a service', async () => {
    const objects = await render(helm, 'onlyonce');
    const passwords = objects.filter(({ kind }) => kind === 'Secret').map(({ data }) => atob(data.password));
    expect(passwords).toHaveLength(3);
    expect(new Set(passwords).size).toBe(3);
    const rest = JSON.stringify(objects.filter(({ kind }) => kind !== 'Secret'));
    for (const password of passwords) {
      expect(password).toMatch(/^[A-Za-z0-9]{40}$/);
      expect(rest).not.toContain(password);
    }
    const mounted = only(objects, 'Deployment', 'shop-order').spec.template.spec.volumes.flatMap(
      ({ secret }) => secret?.secretName ?? [],
    );
    expect(mounted).toEqual(['shop-redis-order']);
  });

  it('rolls a service when its configuration changes, and not when only the number of pods does', async () => {
    const checksum = async (...flags) =>
      only(await render(helm, 'onlyonce', flags), 'Deployment', 'shop-inventory').spec.template.metadata
        .annotations['checksum/config'];
    const before = await checksum();
    expect(await checksum('--set', 'inventory.replicaCount=9')).toBe(before);
    expect(await checksum('--set', 'inventory.config.lockTtlMs=4000')).not.toBe(before);
    expect(await checksum('--set', 'global.config.logLevel=warn')).not.toBe(before);
  });
});

// What Kubernetes or Helm cannot change in place: an upgrade that tried would fail half way.
const IMMUTABLE = {
  Deployment: ({ spec }) => spec.selector,
  StatefulSet: ({ spec }) => [
    spec.selector,
    spec.serviceName,
    spec.volumeClaimTemplates,
    spec.podManagementPolicy,
  ],
  Service: ({ spec }) => [spec.clusterIP, spec.type],
  Secret: ({ type }) => type,
};

withHelm.each(readdirSync(RELEASED))('an upgrade from %s', (released) => {
  const archive = join(RELEASED, released);

  it.each(VALUE_SETS.filter(({ chart }) => chart === 'onlyonce'))('renders: $name', async ({ values }) => {
    const before = await render(anyHelm, archive, flagsFor(values));
    const after = await render(anyHelm, 'onlyonce', flagsFor(values));
    const stateful = before.filter(({ kind }) => kind in IMMUTABLE);
    expect(stateful.length).toBeGreaterThan(1);
    for (const old of stateful) {
      const { kind, metadata } = old;
      const young = only(after, kind, metadata.name);
      expect({ kind, name: metadata.name, fixed: IMMUTABLE[kind](young) }).toEqual({
        kind,
        name: metadata.name,
        fixed: IMMUTABLE[kind](old),
      });
    }
  });

  it('takes all values of that version, as --reuse-values hands them over', async () => {
    const old = await runHelm(anyHelm, ['show', 'values', archive]);
    const { parse } = await import('yaml');
    expect((await render(anyHelm, 'onlyonce', flagsFor(parse(old)))).length).toBeGreaterThan(10);
  });
});
