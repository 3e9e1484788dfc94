import type { StockLevel } from './stock.js';

export interface StockPage {
  readonly items: readonly StockLevel[];
  /** Where the next page begins; undefined at the end. */
  readonly cursor: string | undefined;
}

/** Stock as people set and read it. What orders take is written by the engine, together with what it causes. */
export interface StockStore {
  /**
   * Sets the units available, whatever they were.
   * @returns what they were at that moment; undefined for a new item  @throws StoreUnavailableError
   */
  set(id: string, quantity: number): Promise<StockLevel | undefined>;
  /** @returns undefined for an item that was never set  @throws StoreUnavailableError */
  get(id: string): Promise<StockLevel | undefined>;
  /**
   * A page of all items, sorted by id within the page. Up to a thousand items are one page, read at one moment;
   * beyond that, an item that is there throughout is on one page at least.
   * @throws StoreUnavailableError
   */
  list(cursor: string | undefined): Promise<StockPage>;
}

export const STOCK_STORE = Symbol('StockStore');
