// @ts-check

/**
 * What Redis says of itself at one moment.
 * @typedef {{
 *   cpuSeconds: number, outputBytes: number, inputBytes: number, memoryBytes: number, version: string,
 *   calls: Record<string, number>, microseconds: Record<string, number>,
 * }} RedisFigures calls, microseconds: by command, those inside scripts included
 */

/** What the benchmark itself asks while it measures. */
const OUR_OWN = ['hlen', 'hvals', 'info', 'ping'];

/**
 * @param {string} text INFO with at least the sections server, cpu, stats, memory and commandstats
 * @returns {RedisFigures}
 */
export function parseInfo(text) {
  /** @type {Map<string, string>} */
  const fields = new Map();
  /** @type {Record<string, number>} */
  const calls = {};
  /** @type {Record<string, number>} */
  const microseconds = {};
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1);
    if (!name.startsWith('cmdstat_')) {
      fields.set(name, value);
      continue;
    }
    const command = name.slice('cmdstat_'.length);
    if (OUR_OWN.includes(command)) continue;
    calls[command] = Number(/calls=(\d+)/.exec(value)?.[1] ?? 0);
    microseconds[command] = Number(/usec=(\d+)/.exec(value)?.[1] ?? 0);
  }
  const number = (/** @type {string} */ name) => {
    const value = Number(fields.get(name));
    if (!Number.isFinite(value)) throw new Error(`INFO says nothing of ${name}`);
    return value;
  };
  return {
    cpuSeconds: number('used_cpu_sys') + number('used_cpu_user'),
    outputBytes: number('total_net_output_bytes'),
    inputBytes: number('total_net_input_bytes'),
    memoryBytes: number('used_memory'),
    version: fields.get('redis_version') ?? '?',
    calls,
    microseconds,
  };
}

/**
 * What was spent between two moments, per message.
 * @param {RedisFigures} before
 * @param {RedisFigures} after
 * @param {number} messages
 */
export function perMessage(before, after, messages) {
  /** @type {Record<string, number>} */
  const commands = {};
  let total = 0;
  for (const [command, calls] of Object.entries(after.calls)) {
    const made = calls - (before.calls[command] ?? 0);
    if (made <= 0) continue;
    total += made;
    commands[command] = rounded(made / messages, 4);
  }
  return {
    redisCpuUs: rounded(((after.cpuSeconds - before.cpuSeconds) * 1e6) / messages, 2),
    redisCommands: rounded(total / messages, 3),
    outputBytes: rounded((after.outputBytes - before.outputBytes) / messages, 1),
    inputBytes: rounded((after.inputBytes - before.inputBytes) / messages, 1),
    commands,
  };
}

/**
 * @param {number} value
 * @param {number} digits
 */
const rounded = (value, digits) => Number(value.toFixed(digits));
