import { answered } from '@onlyonce/service';
import type { Cluster, Redis } from 'ioredis';
import { levelOf, type StockLevel } from './stock.js';
import type { StockPage, StockStore } from './stock-store.js';

const ANSWER_WITHIN_MS = 1_500;
/** A hash of so many fields comes in one HSCAN. */
const PAGE = 1_000;
const START = '0';

/** One step, so that what was there and what is there now leave no gap in which an order could take units. */
const SET = `
local was = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return was`;

/** The hash that the engine's `stock` effects change. */
export class RedisStockStore implements StockStore {
  constructor(
    private readonly client: Redis | Cluster,
    private readonly key: string,
  ) {}

  async set(id: string, quantity: number): Promise<StockLevel | undefined> {
    const set = this.client.eval(SET, 1, this.key, id, String(quantity)) as Promise<string | null>;
    const was = await answered(set, ANSWER_WITHIN_MS, 'stock');
    return was === null ? undefined : levelOf(id, was);
  }

  async get(id: string): Promise<StockLevel | undefined> {
    const stored = await answered(this.client.hget(this.key, id), ANSWER_WITHIN_MS, 'stock');
    return stored === null ? undefined : levelOf(id, stored);
  }

  async list(cursor: string | undefined): Promise<StockPage> {
    const [next, flat] = await answered(
      this.client.hscan(this.key, cursor ?? START, 'COUNT', PAGE),
      ANSWER_WITHIN_MS,
      'stock',
    );
    // A hash that is being resized may show a field twice within one page.
    const levels = new Map<string, StockLevel>();
    for (let at = 0; at + 1 < flat.length; at += 2) {
      const [id = '', stored = ''] = flat.slice(at, at + 2);
      levels.set(id, levelOf(id, stored));
    }
    const items = [...levels.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { items, cursor: next === START ? undefined : next };
  }
}
