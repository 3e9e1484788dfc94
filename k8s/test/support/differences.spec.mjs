import { expect, it } from '@jest/globals';
import { differences } from './differences.mjs';
import { meaningOfChart, meaningOfOverlay } from './meaning.mjs';

const service = (port, name = 'shop') => ({
  kind: 'Service',
  metadata: { name, namespace: 'n' },
  spec: { ports: [{ port }] },
});

it('names the field and both values', () => {
  expect(differences({ 'the chart': [service(1)], 'the overlay': [service(2)] })).toEqual([
    'Service n/shop /spec/ports/0/port: 1 in the chart, 2 in the overlay',
  ]);
});

it('sees what one side has more: objects, fields, ends of lists', () => {
  const more = service(1);
  more.spec.ports.push({ port: 2 });
  expect(differences({ a: [service(1), service(1, 'b')], b: [more] })).toEqual([
    'Service n/b is only in a',
    'Service n/shop /spec/ports/1: nothing in a, {"port":2} in b',
  ]);
  expect(differences({ a: [], b: [service(1)] })).toEqual(['Service n/shop is only in b']);
});

it('tells a list from a map, and a number from its text', () => {
  const of = (spec) => [{ kind: 'Pod', metadata: { name: 'p' }, spec }];
  expect(differences({ a: of([]), b: of({}) })).toEqual(['Pod p /spec: [] in a, {} in b']);
  expect(differences({ a: of(1), b: of('1') })).toEqual(['Pod p /spec: 1 in a, "1" in b']);
});

it('refuses to choose between two objects of one name', () => {
  expect(() => differences({ a: [service(1), service(2)], b: [] })).toThrow('two of Service n/shop');
});

it('what only a tool is interested in is no meaning; everything else is', () => {
  const labels = { 'helm.sh/chart': 'c-1', 'app.kubernetes.io/managed-by': 'Helm' };
  const ofChart = { kind: 'ConfigMap', metadata: { name: 'c', labels }, data: { a: '1' } };
  const hook = { kind: 'Pod', metadata: { name: 't', annotations: { 'helm.sh/hook': 'test' } } };
  const ofOverlay = { kind: 'ConfigMap', metadata: { name: 'c-0123456789' }, data: { a: '1' } };
  const user = (name) => ({ kind: 'Pod', metadata: { name: 'p' }, spec: { configMap: { name } } });
  const chart = meaningOfChart([ofChart, hook, user('c')]);
  expect(differences({ chart, overlay: meaningOfOverlay([ofOverlay, user('c-0123456789')]) })).toEqual([]);
  // A name that nothing has been generated for stays what it is.
  expect(differences({ chart, overlay: meaningOfOverlay([ofOverlay, user('d-0123456789')]) })).toEqual([
    'Pod p /spec/configMap/name: "c" in chart, "d-0123456789" in overlay',
  ]);
});

it('of Secrets, the keys count', () => {
  const secret = (data) => ({ kind: 'Secret', metadata: { name: 's' }, data });
  const chart = meaningOfChart([secret({ password: 'x' })]);
  expect(differences({ chart, overlay: meaningOfOverlay([secret({ password: 'y' })]) })).toEqual([]);
  expect(differences({ chart, overlay: meaningOfOverlay([secret({ word: 'x' })]) })).toHaveLength(2);
});
