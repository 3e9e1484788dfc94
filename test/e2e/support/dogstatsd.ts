import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** One metric as a line of DogStatsD's protocol tells it: `name:value|type|#tag:value,...`. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
}

const LINE = /^([^:|]+):([^|]+)\|([a-z]+)(?:\|@[0-9.]+)?(?:\|#([^|]*))?/;

/** As much of a DogStatsD server as a test needs: hears everything, answers nothing. */
export class DogStatsd {
  readonly metrics: Metric[] = [];
  readonly unreadable: string[] = [];
  private readonly socket = createSocket('udp4', (packet) => {
    for (const line of packet.toString('utf8').split('\n').filter(Boolean)) this.take(line);
  });

  /** @returns the port it listens on */
  async start(): Promise<number> {
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    return this.socket.address().port;
  }

  async stop(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  named(name: string): Metric[] {
    return this.metrics.filter((metric) => metric.name === name);
  }

  private take(line: string): void {
    const [, name, value, type, tags = ''] = LINE.exec(line) ?? [];
    if (name === undefined || type === undefined) {
      this.unreadable.push(line);
      return;
    }
    const pairs = tags.split(',').filter(Boolean);
    this.metrics.push({
      name,
      value: Number(value),
      type,
      tags: Object.fromEntries(
        pairs.map((pair) => [pair.split(':')[0] ?? '', pair.split(':').slice(1).join(':')]),
      ),
    });
  }
}
