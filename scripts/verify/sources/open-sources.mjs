// @ts-check
import { UsageError } from '../arguments.mjs';
import { datadogSource } from './datadog-source.mjs';
import { fileSource, findFiles } from './file-source.mjs';
import { spooledSource } from './spooled-source.mjs';

/**
 * @param {import('../arguments.mjs').Options} options
 * @param {{ stdin: AsyncIterable<Uint8Array>, env: Record<string, string | undefined>, say(text: string): void }} surroundings
 * @returns {{ sources: import('./merge-sources.mjs').Source[], close(): void }} close: removes what was kept meanwhile
 * @throws UsageError for a path or glob that names no file
 */
export function openSources({ files: patterns, datadog, from, to }, { stdin, env, say }) {
  const { files, missing } = findFiles(patterns.filter((pattern) => pattern !== '-'));
  if (missing.length > 0) throw new UsageError(missing.map((pattern) => `${pattern}: no such file`));
  /** @type {ReturnType<typeof spooledSource>[]} */
  const spooled = [];
  if (patterns.includes('-')) spooled.push(spooledSource({ name: 'standard input', open: () => stdin }));
  if (datadog !== undefined) {
    const apiKey = env['DD_API_KEY'] ?? '';
    const appKey = env['DD_APP_KEY'] ?? '';
    const site = env['DD_SITE'] || 'datadoghq.com';
    spooled.push(spooledSource(datadogSource({ query: datadog, from, to, apiKey, appKey, site }, { say })));
  }
  return {
    sources: [...files.map(fileSource), ...spooled],
    close: () => {
      for (const source of spooled) source.close();
    },
  };
}
