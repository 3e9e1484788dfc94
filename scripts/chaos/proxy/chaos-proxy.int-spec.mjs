import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ChaosProxy } from './chaos-proxy.mjs';

const call = (script) => `*3\r\n$4\r\nEVAL\r\n$${script.length}\r\n${script}\r\n$1\r\n0\r\n`;

describe('ChaosProxy', () => {
  /** @type {import('node:net').Server} */
  let server;
  /** @type {ChaosProxy} */
  let proxy;
  const open = new Set();
  let served = '';

  beforeEach(async () => {
    served = '';
    server = createServer((socket) => {
      open.add(socket);
      socket.on('data', (bytes) => {
        served += bytes;
        socket.write(bytes);
      });
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await ChaosProxy.open({ target: { host: '127.0.0.1', port: server.address().port } });
  });

  afterEach(async () => {
    for (const socket of open) socket.destroy();
    open.clear();
    await proxy.close();
    server.close();
    await once(server, 'close');
  });

  async function client() {
    const { port, hostname } = new URL(proxy.url);
    const socket = connect(Number(port), hostname);
    open.add(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  async function echoed(socket, length) {
    let text = '';
    while (text.length < length) text += (await once(socket, 'data'))[0];
    return text;
  }

  it('keeps the order of bytes, however their treatment changes on the way', async () => {
    const socket = await client();
    const parts = Array.from({ length: 200 }, (_, nth) => `${nth};`);
    const whole = parts.join('');
    const answer = echoed(socket, whole.length);
    const treatments = [
      { toServer: { delayMs: 30 } },
      {},
      { toClient: { delayMs: 20 } },
      { toServer: { bytesPerSecond: 20_000 } },
      { toServer: { hold: true } },
      {},
    ];
    for (const [nth, part] of parts.entries()) {
      proxy.treat(treatments[nth % treatments.length]);
      socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    proxy.heal();
    expect(await answer).toBe(whole);
  });

  it('lets a call through and cuts the connection before its answer, once', async () => {
    const socket = await client();
    let heard = '';
    socket.on('data', (bytes) => (heard += bytes));
    const lost = proxy.loseReplyOf(['commit']);
    const script = '-- commit: a script';
    socket.write(call(script));
    await once(socket, 'close');
    await lost;
    expect(served).toBe(call(script));
    expect(heard).toBe('');
    const again = await client();
    const answer = echoed(again, call(script).length);
    again.write(call(script));
    expect(await answer).toBe(call(script));
  });

  it('shows nothing to anybody while it is half open, and drops what was on its way when it is cut', async () => {
    const socket = await client();
    proxy.treat({ toServer: { hold: true }, toClient: { hold: true } });
    socket.write('lost');
    const other = await client();
    other.write('held');
    proxy.cut();
    proxy.heal();
    const fresh = await client();
    const answer = echoed(fresh, 3);
    fresh.write('new');
    expect(await answer).toBe('new');
    expect(served).toBe('new');
  });
});
