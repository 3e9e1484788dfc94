import type { Cluster, Redis } from 'ioredis';
import type { BacklogStats, GroupRef, InboxPage, InboxRow, InboxState } from '@onlyonce/core';
import { withDeadline } from '../../call-deadline.js';
import { translateError } from '../../errors/translate-error.js';
import { readEntryText } from '../entry-text.js';
import type { StoreContext } from '../store-context.js';
import { outcomeOf } from './commit.js';

type Client = Redis | Cluster;

const READ_DEADLINE_MS = 2_000;

/** Reads for people and gauges. Not atomic, and never the ground for a decision. */
export class Inspector {
  constructor(
    private readonly client: Client,
    private readonly context: StoreContext,
  ) {}

  async stats(ref: GroupRef): Promise<BacklogStats> {
    const prefix = this.context.groupKey(ref);
    const { podTimeoutMs } = this.context.settings;
    const [depth, head, processing, retrying, dead, time] = await this.read('stats', () =>
      Promise.all([
        this.client.xlen(`${prefix}log`),
        this.client.xrange(`${prefix}log`, '-', '+', 'COUNT', 1),
        this.client.hlen(`${prefix}held`),
        this.client.zcard(`${prefix}retry`),
        this.client.xlen(`${prefix}dead`),
        this.client.time(),
      ]),
    );
    const nowMs = Math.floor(Number(time[0]) * 1_000 + Number(time[1]) / 1_000);
    const livePods = await this.read('stats', () =>
      this.client.zcount(`${prefix}pods`, String(nowMs - podTimeoutMs), '+inf'),
    );
    const oldest = head[0]?.[0];
    const oldestAgeMs = oldest === undefined ? 0 : Math.max(0, nowMs - Number.parseInt(oldest, 10));
    return { depth, oldestAgeMs, processing, retrying, dead, livePods };
  }

  /** One page. A page may hold fewer rows than asked for, or none, and still name a cursor. */
  async list(
    ref: GroupRef,
    state: InboxState,
    cursor: string | undefined,
    limit: number,
  ): Promise<InboxPage> {
    const prefix = this.context.groupKey(ref);
    return this.read(`inbox ${state}`, () => {
      switch (state) {
        case 'pending':
          return this.pending(prefix, cursor, limit);
        case 'processing':
          return this.processing(prefix, cursor, limit);
        case 'retrying':
          return this.retrying(prefix, cursor, limit);
        case 'dead':
          return this.dead(prefix, cursor, limit);
        case 'processed':
          return this.processed(prefix, cursor, limit);
        default:
          return state satisfies never;
      }
    });
  }

  private async pending(prefix: string, cursor: string | undefined, limit: number): Promise<InboxPage> {
    const entries = await this.client.xrange(
      `${prefix}log`,
      cursor ? `(${cursor}` : '-',
      '+',
      'COUNT',
      limit,
    );
    if (entries.length === 0) return { rows: [], cursor: undefined };
    const messages = entries.map(([entry, fields]) => ({ entry, id: readEntryText(fields[1] ?? '').id }));
    const ids = messages.map(({ id }) => id);
    const [locks, due, metas] = await Promise.all([
      this.client.mget(ids.map((id) => `${prefix}lock:${id}`)),
      this.client.zmscore(`${prefix}retry`, ...ids),
      this.client.hmget(`${prefix}meta`, ...ids),
    ]);
    const rows = messages.flatMap(({ entry, id }, i): InboxRow[] => {
      if (locks[i] || due[i]) return [];
      const { failures, takeovers } = meta(metas[i]);
      const publishedAt = Number.parseInt(entry, 10);
      return [{ messageId: id, state: 'pending', attempt: failures + takeovers, takeovers, publishedAt }];
    });
    return { rows, cursor: entries.length < limit ? undefined : messages.at(-1)?.entry };
  }

  private async processing(prefix: string, cursor: string | undefined, limit: number): Promise<InboxPage> {
    const [next, flat] = await this.client.hscan(`${prefix}held`, cursor ?? '0', 'COUNT', limit);
    const held = pairs(flat);
    if (held.length === 0) return { rows: [], cursor: next === '0' ? undefined : next };
    const locks = await this.client.mget(held.map(([id]) => `${prefix}lock:${id}`));
    const rows = held.flatMap(([messageId, value], i): InboxRow[] => {
      // Without a lock its owner has vanished: it waits for a takeover.
      if (!locks[i]) return [];
      const [, , owner = '', attempt = '1', since = '0', entry = '0'] = value.split('|');
      const publishedAt = Number.parseInt(entry, 10);
      const row = {
        messageId,
        owner,
        attempt: Number(attempt),
        takeovers: 0,
        publishedAt,
        since: Number(since),
      };
      return [{ ...row, state: 'processing' }];
    });
    return { rows, cursor: next === '0' ? undefined : next };
  }

  private async retrying(prefix: string, cursor: string | undefined, limit: number): Promise<InboxPage> {
    const from = Number(cursor ?? 0);
    const due = pairs(
      await this.client.zrange(`${prefix}retry`, String(from), String(from + limit - 1), 'WITHSCORES'),
    );
    if (due.length === 0) return { rows: [], cursor: undefined };
    const metas = await this.client.hmget(`${prefix}meta`, ...due.map(([id]) => id));
    const rows = due.map(([messageId, dueAt], i): InboxRow => {
      const { failures, takeovers, entry, error } = meta(metas[i]);
      return {
        messageId,
        state: 'retrying',
        attempt: failures + takeovers,
        takeovers,
        publishedAt: Number.parseInt(entry, 10),
        dueAt: Number(dueAt),
        error,
      };
    });
    return { rows, cursor: due.length < limit ? undefined : String(from + limit) };
  }

  private async dead(prefix: string, cursor: string | undefined, limit: number): Promise<InboxPage> {
    const letters = await this.client.xrange(
      `${prefix}dead`,
      cursor ? `(${cursor}` : '-',
      '+',
      'COUNT',
      limit,
    );
    const rows = letters.map(([letter, fields]): InboxRow => {
      const { i = '', p = '', n = '0', t = '0', e = '0', r = '' } = record(fields);
      return {
        messageId: i,
        state: 'dead',
        outcome: 'dead',
        owner: p,
        attempt: Number(n) + Number(t),
        takeovers: Number(t),
        publishedAt: Number.parseInt(e, 10),
        since: Number.parseInt(letter, 10),
        error: r,
      };
    });
    return { rows, cursor: letters.length < limit ? undefined : letters.at(-1)?.[0] };
  }

  /** Newest first; a cursor is the batch it stopped in and how many rows of that batch were listed. */
  private async processed(prefix: string, cursor: string | undefined, limit: number): Promise<InboxPage> {
    const [from = '+', skipText = '0'] = cursor?.split('/') ?? [];
    let skip = Number(skipText);
    const rows: InboxRow[] = [];
    const batches = await this.client.xrevrange(`${prefix}recent`, from, '-', 'COUNT', limit);
    for (const [batch, fields] of batches) {
      const [, owner = '', , at = '0', , listed = ''] = fields;
      for (const [position, line] of listed.split('\n').entries()) {
        const [outcome = '', messageId = ''] = line.split(' ');
        if (position < skip) continue;
        if (rows.length === limit) return { rows, cursor: `${batch}/${position}` };
        rows.push({
          messageId,
          state: 'processed',
          outcome: outcomeOf(outcome.charAt(0)),
          owner,
          attempt: Number(outcome.slice(1)),
          takeovers: 0,
          since: Number(at),
        });
      }
      skip = 0;
    }
    const last = batches.at(-1);
    const more = batches.length === limit && last;
    return { rows, cursor: more ? `${last[0]}/${(last[1][5] ?? '').split('\n').length}` : undefined };
  }

  private async read<T>(what: string, read: () => Promise<T>): Promise<T> {
    try {
      return await withDeadline(read(), READ_DEADLINE_MS, what);
    } catch (error) {
      throw translateError(error, what);
    }
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return result;
}

function record(flat: readonly string[]): Partial<Record<string, string>> {
  return Object.fromEntries(pairs(flat));
}

/** What locks.lua writes: <failures>|<takeovers>|<late>|<entry>|<fence>|<error>, the error last since it may hold bars. */
function meta(text: string | null | undefined): {
  failures: number;
  takeovers: number;
  entry: string;
  error: string;
} {
  const [failures = '0', takeovers = '0', , entry = '0', , ...error] = (text ?? '').split('|');
  return { failures: Number(failures || 0), takeovers: Number(takeovers), entry, error: error.join('|') };
}
