import { connect } from 'node:net';

const TIMEOUT_MS = 2_000;

/**
 * Sends one command over a connection of its own and returns the reply's text. Enough to set servers up without a
 * client library whose reconnecting would hide what the fixture wants to know.
 */
export function inlineCommand(host: string, port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let received = '';
    socket.setEncoding('utf8');
    socket.setTimeout(TIMEOUT_MS, () =>
      socket.destroy(new Error(`no answer to ${command} within ${TIMEOUT_MS} ms`)),
    );
    socket.on('connect', () => socket.write(`${command}\r\n`));
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error(`connection closed before ${command} was answered`));
    });
    socket.on('data', (chunk: string) => {
      received += chunk;
      const reply = wholeReply(received);
      if (reply === undefined) return;
      if (reply.startsWith('-')) reject(new Error(reply.slice(1)));
      else resolve(reply);
      socket.destroy();
    });
  });
}

/** The reply without its frame, or undefined while it is not complete. Arrays are returned as they came. */
function wholeReply(received: string): string | undefined {
  const endOfLine = received.indexOf('\r\n');
  if (endOfLine < 0) return undefined;
  const first = received.slice(0, endOfLine);
  if (first.startsWith('-')) return first;
  if (!first.startsWith('$')) return first.startsWith('*') ? received : first.slice(1);
  const length = Number(first.slice(1));
  const rest = received.slice(endOfLine + 2);
  if (length < 0) return '';
  return Buffer.byteLength(rest) >= length + 2 ? rest.trimEnd() : undefined;
}
