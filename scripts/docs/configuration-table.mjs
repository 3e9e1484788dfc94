// @ts-check
import { readFileSync } from 'node:fs';

const SERVICES = /** @type {const} */ (['order', 'inventory']);

/**
 * @typedef {{ fallback: string, unit: string, meaning: string }} Setting
 * @typedef {(typeof SERVICES)[number]} Service
 */

/**
 * One table of all settings, from the tables in the services' READMEs, which their own tests compare with the schema.
 *
 * @returns {string} Markdown
 */
export function configurationTable() {
  const tables = new Map(SERVICES.map((service) => [service, settingsOf(service)]));
  const names = new Set([...tables.values()].flatMap((table) => [...table.keys()]));
  const rows = [...names].map((name) => row(name, tables));
  return ['| variable | service | default | unit | meaning |', '|---|---|---|---|---|', ...rows].join('\n');
}

/**
 * @param {Service} service
 * @returns {Map<string, Setting>}
 */
function settingsOf(service) {
  const readme = readFileSync(new URL(`../../${service}/README.md`, import.meta.url), 'utf8');
  const lines = readme.matchAll(/^\| `([A-Z0-9_]+)` \| (.*?) \| (.*?) \| (.*) \|$/gm);
  return new Map(
    [...lines].map(([, name = '', fallback = '', unit = '', meaning = '']) => [
      name,
      { fallback, unit, meaning },
    ]),
  );
}

/**
 * @param {string} name
 * @param {Map<Service, Map<string, Setting>>} tables
 */
function row(name, tables) {
  const having = SERVICES.filter((service) => tables.get(service)?.has(name));
  const settings = having.map((service) => /** @type {Setting} */ (tables.get(service)?.get(name)));
  const cell = (/** @type {keyof Setting} */ key) => {
    const distinct = new Set(settings.map((setting) => setting[key]));
    if (distinct.size === 1) return settings[0]?.[key] ?? '';
    return settings.map((setting, at) => `${having[at]}: ${setting[key]}`).join(' ');
  };
  const service = having.length === SERVICES.length ? 'both' : having.join();
  return `| \`${name}\` | ${service} | ${cell('fallback')} | ${cell('unit')} | ${cell('meaning')} |`;
}
