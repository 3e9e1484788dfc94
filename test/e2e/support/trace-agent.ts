import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { decode } from '@msgpack/msgpack';

/** A span as dd-trace sends it; ids are 64 bits wide, more than a number holds. */
export interface Span {
  readonly trace_id: bigint;
  readonly span_id: bigint;
  readonly parent_id: bigint;
  readonly service: string;
  readonly name: string;
  readonly resource: string;
  readonly type?: string;
  /** Nanoseconds. */
  readonly start: bigint | number;
  readonly duration: bigint | number;
  readonly error: number;
  readonly meta: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface SpanLink {
  readonly trace_id: string;
  readonly span_id: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One edge of Data Streams Monitoring, as one service saw it. */
export interface Checkpoint {
  readonly service: string;
  readonly env: string;
  readonly tags: readonly string[];
  readonly hash: bigint;
  readonly parentHash: bigint;
}

interface PipelineStats {
  readonly Env: string;
  readonly Service: string;
  readonly Stats: readonly {
    readonly Stats: readonly { EdgeTags: string[]; Hash: bigint | number; ParentHash: bigint | number }[];
  }[];
}

const TAKEN = ['/v0.4/traces', '/v0.5/traces', '/v0.1/pipeline_stats'];

/** As much of Datadog's agent as a tracer needs: takes what is sent, says yes to everything, and keeps it. */
export class TraceAgent {
  readonly spans: Span[] = [];
  readonly checkpoints: Checkpoint[] = [];
  /** Paths asked for, each once. */
  readonly paths = new Set<string>();
  /** What could not be read: a test must find none. */
  readonly faults: string[] = [];
  /** The upper half of each trace's id, by its lower one: dd-trace sends it with the first span of each part only. */
  private readonly upperHalves = new Map<bigint, string>();
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch((error: unknown) => {
      this.faults.push(`${request.url}: ${String(error)}`);
      response.writeHead(500).end();
    });
  });

  /** @returns where it listens */
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

  /** Spans of one name about one message, in the order they began. */
  about(messageId: string, name: string): Span[] {
    return this.spans
      .filter((span) => span.name === name && span.meta['messaging.message.id'] === messageId)
      .sort((one, other) => Number(BigInt(one.start) - BigInt(other.start)));
  }

  parentOf(span: Span | undefined): Span | undefined {
    return this.spans.find((each) => each.span_id === span?.parent_id);
  }

  /** From the span itself up to the first one of its trace. */
  lineage(span: Span): Span[] {
    const parent = this.parentOf(span);
    return parent ? [span, ...this.lineage(parent)] : [span];
  }

  /** All 128 bits in hexadecimal, as a log line names the trace. */
  traceIdOf({ trace_id: lower }: Span): string {
    return (this.upperHalves.get(lower) ?? '') + lower.toString(16).padStart(16, '0');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const sent = await buffer(request);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    this.paths.add(path);
    response.setHeader('content-type', 'application/json');
    if (path === '/info') {
      response.end(JSON.stringify({ version: '7.60.0', endpoints: TAKEN }));
      return;
    }
    if (!TAKEN.includes(path)) {
      // Metrics too: without this door dd-trace sends them by UDP.
      response.writeHead(404).end();
      return;
    }
    if (path === '/v0.4/traces') this.takeTraces(decoded(body) as readonly Span[][]);
    if (path === '/v0.5/traces') this.takeTraces(fromTable(decoded(body)));
    if (path === '/v0.1/pipeline_stats') this.takeStats(decoded(body) as PipelineStats);
    response.end(JSON.stringify({ rate_by_service: {} }));
  }

  private takeTraces(traces: readonly (readonly Span[])[]): void {
    for (const span of traces.flat()) {
      const upper = span.meta['_dd.p.tid'];
      if (upper !== undefined) this.upperHalves.set(span.trace_id, upper);
      this.spans.push(span);
    }
  }

  private takeStats({ Service: service, Env: env, Stats: buckets }: PipelineStats): void {
    for (const { EdgeTags, Hash, ParentHash } of buckets.flatMap((bucket) => bucket.Stats)) {
      const [hash, parentHash] = [BigInt(Hash), BigInt(ParentHash)];
      this.checkpoints.push({ service, env, tags: EdgeTags, hash, parentHash });
    }
  }
}

export function linksOf(span: Span | undefined): SpanLink[] {
  const text = span?.meta['_dd.span_links'];
  return text === undefined ? [] : (JSON.parse(text) as SpanLink[]);
}

function decoded(body: Buffer): unknown {
  return decode(body, { useBigInt64: true });
}

type Row = readonly unknown[];

/** v0.5: a table of all texts, and spans as rows of twelve columns that point into it. */
function fromTable(payload: unknown): Span[][] {
  const [texts, traces] = payload as [readonly string[], readonly (readonly Row[])[]];
  const whole = (number: unknown): bigint => BigInt(number as bigint | number);
  const text = (index: unknown): string => texts[Number(index)] ?? '';
  const map = <Value>(pairs: unknown, value: (raw: unknown) => Value): Record<string, Value> =>
    Object.fromEntries(Object.entries(pairs as object).map(([key, raw]) => [text(key), value(raw)]));
  const span = (row: Row): Span => {
    const [service, name, resource, trace, id, parent, start, duration, error, meta, metrics, type] = row;
    return {
      service: text(service),
      name: text(name),
      resource: text(resource),
      type: text(type),
      trace_id: whole(trace),
      span_id: whole(id),
      parent_id: whole(parent),
      start: whole(start),
      duration: whole(duration),
      error: Number(error),
      meta: map(meta, text),
      metrics: map(metrics, Number),
    };
  };
  return traces.map((rows) => rows.map(span));
}
