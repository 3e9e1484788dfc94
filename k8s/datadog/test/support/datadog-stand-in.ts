import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}
interface Trouble {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** Only for requests whose line (`POST /api/v1/monitor`) begins so. */
  readonly on?: string;
}

/**
 * As much of Datadog as `datadog-apply` talks to: keeps what it is sent under ids of its own, adds what Datadog adds,
 * lists page by page, and first gives the answers it was told to.
 */
export class DatadogStandIn {
  readonly asked: Asked[] = [];
  readonly troubles: Trouble[] = [];
  readonly dashboards = new Map<string, Json>();
  readonly monitors = new Map<string, Json>();
  readonly pipelines = new Map<string, Json>();
  readonly metrics = new Map<string, Json>();
  private server: Server | undefined;
  private next = 1_000;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => (text += String(chunk)));
      request.on('end', () => {
        this.answer(request, text === '' ? undefined : (JSON.parse(text) as unknown), response);
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  stop(): Promise<unknown> {
    this.server?.closeAllConnections();
    return new Promise((resolve) => this.server?.close(resolve));
  }

  get writes(): string[] {
    return this.asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  }

  private answer(
    { method = '', url = '', headers }: IncomingMessage,
    body: unknown,
    response: ServerResponse,
  ): void {
    const { pathname, searchParams } = new URL(url, this.url);
    this.asked.push({ method, path: pathname, headers, body });
    const at = this.troubles.findIndex(({ on }) => `${method} ${pathname}`.startsWith(on ?? ''));
    const [trouble] = at < 0 ? [] : this.troubles.splice(at, 1);
    const [status, json] = trouble
      ? [trouble.status, { errors: ['trouble'] }]
      : this.handle(`${method} ${pathname}`, searchParams, body as Json);
    // A connection kept alive may be closed while the client, on a busy machine, sends its next request on it.
    response.writeHead(status, {
      'content-type': 'application/json',
      connection: 'close',
      ...trouble?.headers,
    });
    response.end(JSON.stringify(json));
  }

  private handle(line: string, query: URLSearchParams, body: Json): [number, unknown] {
    const [, kind = '', , id = ''] =
      /^\S+ \/api\/v\d\/(dashboard|monitor|logs\/config\/\w+)(\/([^/]+))?$/.exec(line) ?? [];
    const shelf = {
      dashboard: this.dashboards,
      monitor: this.monitors,
      'logs/config/pipelines': this.pipelines,
      'logs/config/metrics': this.metrics,
    }[kind];
    if (!shelf) return [404, { errors: [`no ${line}`] }];
    const all = [...shelf.values()];
    if (line.startsWith('GET') && id === '') return [200, this.list(kind, all, query)];
    if (line.startsWith('GET'))
      return shelf.has(id) ? [200, shelf.get(id)] : [404, { errors: ['not found'] }];
    if (kind === 'logs/config/metrics') return this.putMetric(line, id, body);
    const key = id === '' ? this.newId(kind) : id;
    if (id !== '' && !shelf.has(id)) return [404, { errors: ['not found'] }];
    // An update of a monitor changes what it names; the others are replaced.
    const before = kind === 'monitor' ? shelf.get(key) : {};
    const stored = { ...before, ...body, id: kind === 'monitor' ? Number(key) : key, ...ADDED[kind] };
    shelf.set(key, stored);
    return [200, stored];
  }

  private putMetric(line: string, id: string, { data }: Json): [number, unknown] {
    const { id: name, attributes } = data as { id?: string; attributes: Json };
    const key = id === '' ? (name ?? '') : id;
    if (line.startsWith('POST') && this.metrics.has(key)) return [409, { errors: ['exists'] }];
    const before = (this.metrics.get(key)?.['attributes'] ?? {}) as Json;
    const compute = { ...(before['compute'] as Json), ...(attributes['compute'] as Json) };
    const stored = { id: key, type: 'logs_metrics', attributes: { ...before, ...attributes, compute } };
    this.metrics.set(key, stored);
    return [200, { data: stored }];
  }

  private list(kind: string, all: readonly Json[], query: URLSearchParams): unknown {
    if (kind === 'logs/config/metrics') return { data: all };
    if (kind === 'logs/config/pipelines') return all;
    if (kind === 'dashboard') {
      const start = Number(query.get('start') ?? 0);
      const page = all.slice(start, start + Number(query.get('count') ?? 100));
      return { dashboards: page.map(({ id, title }) => ({ id, title, layout_type: 'ordered' })) };
    }
    const wanted = query.get('monitor_tags');
    const tagged = all.filter(({ tags }) => wanted === null || (tags as string[]).includes(wanted));
    const size = Number(query.get('page_size') ?? 100);
    const page = Number(query.get('page') ?? 0);
    return tagged.slice(page * size, (page + 1) * size);
  }

  private newId(kind: string): string {
    this.next += 1;
    return kind === 'monitor' ? String(this.next) : `id-${this.next}`;
  }
}

/** What Datadog answers beyond what it was sent. */
const ADDED: Readonly<Record<string, Json>> = {
  dashboard: { author_handle: 'someone', created_at: '2026-11-21T10:00:00.000Z', url: '/dashboard/x' },
  monitor: { created: '2026-11-21T10:00:00.000Z', multi: true, overall_state: 'OK' },
  'logs/config/pipelines': { is_read_only: false, type: 'pipeline' },
};
