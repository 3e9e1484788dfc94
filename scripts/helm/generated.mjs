// @ts-check
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHARTS, HELM_DIRECTORY } from './charts.mjs';
import { valuesSchema } from './values-schema.mjs';
import { withValuesTable } from './values-table.mjs';

const read = (/** @type {string} */ path) => readFile(join(HELM_DIRECTORY, path), 'utf8');

/**
 * The text of every file that is made from a values.yaml.
 * @returns {Promise<Map<string, string>>} by path within helm/
 */
export async function generatedFiles() {
  /** @type {Map<string, string>} */
  const files = new Map();
  const serviceValues = await read('inventory/values.yaml');
  for (const name of CHARTS) {
    const values = await read(`${name}/values.yaml`);
    const umbrella = name === 'onlyonce';
    const schema = valuesSchema(
      umbrella
        ? { name, values, serviceValues, subcharts: ['order', 'inventory', 'redis'] }
        : { name, values },
    );
    files.set(`${name}/values.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
    files.set(`${name}/README.md`, withValuesTable(await read(`${name}/README.md`), values));
  }
  return files;
}
