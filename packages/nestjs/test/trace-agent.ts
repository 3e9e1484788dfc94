import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decode } from '@msgpack/msgpack';

export interface Span {
  readonly trace_id: bigint;
  readonly span_id: bigint;
  readonly parent_id: bigint;
  readonly name: string;
  readonly resource: string;
  readonly error: number;
  readonly meta: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** As much of Datadog's agent as a tracer needs: takes traces, and says yes to everything. */
export class TraceAgent {
  readonly spans: Span[] = [];
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // Ids are 64 bits wide: more than a number holds.
      if (request.url === '/v0.4/traces')
        this.take(decode(Buffer.concat(chunks), { useBigInt64: true }) as Span[][]);
      response.end('{}');
    });
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    // listen() on a port gives an address of this shape.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  named(name: string): Span[] {
    return this.spans.filter((span) => span.name === name);
  }

  /** All 128 bits in hexadecimal: the upper half is told with one span of each part of a trace. */
  traceIdOf({ trace_id: lower }: Span): string {
    const told = this.spans.find((span) => span.trace_id === lower && span.meta['_dd.p.tid'] !== undefined);
    return (told?.meta['_dd.p.tid'] ?? '') + lower.toString(16).padStart(16, '0');
  }

  private take(traces: readonly Span[][]): void {
    for (const trace of traces) this.spans.push(...trace);
  }
}
