// @ts-check
import { connect } from 'node:net';

/** @typedef {string | number | null | Error | { [index: number]: Reply, length: number }} Reply */

/**
 * Sends one command on a connection of its own. No library: what judges the product should not share its driver.
 * @param {number} port on the loopback address
 * @param {readonly (string | number)[]} command
 * @param {number} [deadlineMs]
 * @returns {Promise<Reply>}
 */
export function redisCommand(port, command, deadlineMs = 5_000) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const settle = (/** @type {() => void} */ how) => {
      clearTimeout(timer);
      socket.destroy();
      how();
    };
    const timer = setTimeout(() => {
      settle(() => reject(new Error(`${command.join(' ')}: no answer within ${deadlineMs} ms`)));
    }, deadlineMs);
    socket.setEncoding('latin1');
    socket.on('connect', () => socket.write(encoded(command)));
    socket.on('error', (error) => settle(() => reject(error)));
    socket.on('close', () => settle(() => reject(new Error(`${command.join(' ')}: connection closed`))));
    socket.on('data', (part) => {
      received += part;
      const parsed = parse(received, 0);
      if (parsed === undefined) return;
      const { value } = parsed;
      settle(() => (value instanceof Error ? reject(value) : resolve(value)));
    });
  });
}

/** @param {readonly (string | number)[]} command */
function encoded(command) {
  const parts = command.map((part) => `$${Buffer.byteLength(String(part))}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

/**
 * @param {string} text one character per byte
 * @param {number} from
 * @returns {{ value: Reply, end: number } | undefined} undefined: the rest has not arrived
 */
function parse(text, from) {
  const lineEnd = text.indexOf('\r\n', from);
  if (lineEnd === -1) return undefined;
  const line = text.slice(from + 1, lineEnd);
  const end = lineEnd + 2;
  switch (text[from]) {
    case '+':
      return { value: line, end };
    case '-':
      return { value: new Error(line), end };
    case ':':
      return { value: Number(line), end };
    case '$': {
      const length = Number(line);
      if (length === -1) return { value: null, end };
      if (text.length < end + length + 2) return undefined;
      const value = Buffer.from(text.slice(end, end + length), 'latin1').toString('utf8');
      return { value, end: end + length + 2 };
    }
    case '*':
      return parseArray(text, Number(line), end);
    default:
      return { value: new Error(`unexpected reply ${JSON.stringify(text.slice(from, from + 20))}`), end };
  }
}

/**
 * @param {string} text
 * @param {number} length
 * @param {number} from
 * @returns {{ value: Reply, end: number } | undefined}
 */
function parseArray(text, length, from) {
  /** @type {Reply[]} */
  const values = [];
  let end = from;
  for (let index = 0; index < length; index += 1) {
    const item = parse(text, end);
    if (item === undefined) return undefined;
    values.push(item.value);
    end = item.end;
  }
  return { value: values, end };
}
