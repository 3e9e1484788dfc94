import { call } from './http.js';

/** @returns the sum over all labels of each series of `/metrics` whose name matches */
export async function metric(podUrl: string, name: RegExp): Promise<number> {
  const { text } = await call('GET', `${podUrl}/metrics`);
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#') && name.test(line.split(/[{ ]/)[0] ?? ''))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
