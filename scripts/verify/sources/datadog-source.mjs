// @ts-check

const PAGE = 1_000;
const MOST_RETRIES = 8;
const PATIENCE_MS = 30_000;

/**
 * @typedef {{ query: string, from: string, to: string, apiKey: string, appKey: string, site: string }} DatadogQuery
 *   site: such as datadoghq.eu, or a whole URL
 * @typedef {{ wait?(ms: number): Promise<void>, say?(text: string): void }} Surroundings
 */

/**
 * Logs from Datadog's Logs Search API v2, oldest first, page by page by cursor; waits when the rate limit says so.
 * Each event becomes one JSON line, as the pod wrote it as far as Datadog kept it.
 * @param {DatadogQuery} query
 * @param {Surroundings} [surroundings]
 * @returns {{ name: string, open(): AsyncIterable<Uint8Array> }}
 */
export function datadogSource(query, surroundings = {}) {
  return { name: `datadog: ${query.query}`, open: () => pages(query, surroundings) };
}

/**
 * @param {DatadogQuery} query
 * @param {Surroundings} surroundings
 * @returns {AsyncGenerator<Uint8Array, void>}
 */
async function* pages({ query, from, to, apiKey, appKey, site }, surroundings) {
  const base = /^https?:/.test(site) ? site.replace(/\/+$/, '') : `https://api.${site}`;
  const headers = { 'content-type': 'application/json', 'dd-api-key': apiKey, 'dd-application-key': appKey };
  // The ids of the page before: an event that is indexed meanwhile may push another onto the next page.
  let seen = new Set();
  let cursor;
  do {
    const page = cursor === undefined ? { limit: PAGE } : { limit: PAGE, cursor };
    const body = JSON.stringify({ filter: { query, from, to }, sort: 'timestamp', page });
    const answer = await search(
      `${base}/api/v2/logs/events/search`,
      { method: 'POST', headers, body },
      surroundings,
    );
    const events = (answer.data ?? []).filter(({ id }) => id === undefined || !seen.has(id));
    seen = new Set((answer.data ?? []).map(({ id }) => id));
    yield Buffer.from(events.map((event) => `${JSON.stringify(lineOf(event))}\n`).join(''));
    cursor = answer.meta?.page?.after;
  } while (cursor !== undefined && cursor !== null && cursor !== '');
}

/**
 * @typedef {{ id?: string, attributes?: {
 *   attributes?: Record<string, unknown>, timestamp?: string, service?: string, status?: string, message?: string,
 * } }} DatadogEvent
 */

/**
 * @param {DatadogEvent} event
 * @returns {Record<string, unknown>}
 */
function lineOf({ attributes: { attributes = {}, timestamp, service, status, message } = {} }) {
  return {
    level: status,
    time: timestamp,
    service,
    ...(message === undefined ? {} : { msg: message }),
    // What the pod wrote goes before what Datadog made of it.
    ...attributes,
  };
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @param {Surroundings} surroundings
 * @returns {Promise<{ data?: DatadogEvent[], meta?: { page?: { after?: string | null } } }>}
 */
async function search(url, init, { wait = sleep, say = () => undefined }) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
      (/** @type {unknown} */ error) => String(error),
    );
    if (typeof response !== 'string' && response.ok) return /** @type {any} */ (await response.json());
    const problem = typeof response === 'string' ? response : `${response.status} ${await response.text()}`;
    const final = typeof response !== 'string' && response.status < 500 && response.status !== 429;
    if (final || attempt > MOST_RETRIES) throw new Error(`Datadog cannot be asked: ${problem.slice(0, 300)}`);
    const limited = typeof response !== 'string' && response.status === 429;
    const waitMs = limited ? resetMs(response.headers) : 500 * 2 ** attempt;
    say(
      `Datadog: ${limited ? 'rate limit reached' : 'no answer'}, going on in ${Math.ceil(waitMs / 1_000)} s`,
    );
    await wait(waitMs);
  }
}

/** @param {Headers} headers */
function resetMs(headers) {
  const seconds = Number(headers.get('x-ratelimit-reset') ?? headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.max(seconds, 0.05) * 1_000 : 5_000;
}

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
