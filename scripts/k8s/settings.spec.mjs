import { expect, it } from '@jest/globals';
import { demoSettings } from './demo/settings.mjs';
import { wayToNodes } from './images.mjs';
import { Problem } from './problem.mjs';
import { clusterSettings } from './settings.mjs';

it('everything has a default', () => {
  expect(clusterSettings({})).toMatchObject({
    namespace: 'onlyonce',
    release: 'onlyonce',
    confirmed: false,
    waitSeconds: 300,
    deleteData: false,
  });
  expect(clusterSettings({ NAMESPACE: ' ', CONFIRM: '' })).toEqual(clusterSettings({}));
  expect(demoSettings({})).toMatchObject({ atLeast: 1_000, perSecond: 50 });
});

it('the last installation is meant, unless another is named', () => {
  const last = { context: 'far', namespace: 'shop', release: 'r', madeNamespace: true };
  expect(clusterSettings({}, last)).toMatchObject({ context: 'far', namespace: 'shop', release: 'r' });
  expect(clusterSettings({ KUBE_CONTEXT: 'near' }, last)).toMatchObject({
    context: 'near',
    namespace: 'shop',
  });
  // Another one may be anywhere: somebody has to say where, or to agree.
  expect(clusterSettings({ NAMESPACE: 'other' }, last)).toMatchObject({ context: undefined, release: 'r' });
});

it('all that is wrong is named at once', () => {
  const read = () =>
    clusterSettings({
      ...{ NAMESPACE: 'Shop', CONFIRM: 'maybe', LOAD: 'all', DATA: 'keep', WAIT_SECONDS: 'long' },
      ...{ REPLICAS: '0', VALUES: 'no-such-file.yaml' },
    });
  expect(read).toThrow(Problem);
  expect(read).toThrow(
    /NAMESPACE.*CONFIRM must be yes.*LOAD must be none.*DATA must be delete|VALUES: there is no file/,
  );
  for (const name of ['NAMESPACE', 'CONFIRM', 'LOAD', 'DATA', 'WAIT_SECONDS', 'REPLICAS', 'VALUES'])
    expect(read).toThrow(name);
  expect(() => demoSettings({ ORDERS: '1', RATE: 'x', MAX_WAIT: 'long' })).toThrow(/MAX_WAIT.*ORDERS.*RATE/);
});

it('one way to the nodes is enough', () => {
  expect(() => clusterSettings({ LOAD_COMMAND: 'x', IMAGE_REGISTRY: 'y' })).toThrow(
    'set only one of LOAD_COMMAND and IMAGE_REGISTRY',
  );
  // They are in the registry already.
  expect(clusterSettings({ LOAD: 'none', IMAGE_REGISTRY: 'r.example/' }).imageRegistry).toBe('r.example');
});

it('the cluster says how images reach its nodes, unless somebody else does', () => {
  const way = (env, context, kind) => wayToNodes(clusterSettings(env), { context, kind });
  expect(way({}, 'kind-onlyonce', 'onlyonce')).toEqual({ kind: 'kind', toward: 'onlyonce' });
  expect(way({}, 'docker-desktop').kind).toBe('shared');
  expect(way({ IMAGE_REGISTRY: 'r' }, 'kind-x', 'x')).toEqual({ kind: 'registry', toward: 'r' });
  expect(way({ LOAD_COMMAND: 'ssh node load' }, 'far')).toEqual({ kind: 'command', toward: 'ssh node load' });
  expect(way({ LOAD: 'none' }, 'far').kind).toBe('none');
  expect(() => way({}, 'far')).toThrow(/^how do the nodes of far get the images\?/);
});
