import { setTimeout as sleep } from 'node:timers/promises';
import { inlineCommand } from './inline-command.js';

const POLL_MS = 10;

/** Waits until the server has loaded its data and answers. @throws Error naming the last fault */
export async function answers(host: string, port: number, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      const reply = await inlineCommand(host, port, 'PING');
      if (reply === 'PONG') return;
    } catch (error) {
      if (performance.now() > deadline)
        throw new Error(`redis on port ${port} does not answer`, { cause: error });
    }
    await sleep(POLL_MS);
  }
}
