interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is submitted while a call is under way, and sends it as one call: under no load an item travels
 * alone and at once, and the number of calls per item falls as load rises. No timer, no added latency.
 */
export class Batcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private calling = 0;
  private scheduled = false;

  constructor(
    private readonly options: {
      /** Most items per call: bounds how long one atomic step keeps the store busy. */
      readonly maxBatch: number;
      /** Calls under way at once. 1 gives the largest batches. */
      readonly parallelCalls: number;
    },
    private readonly call: (items: readonly Item[]) => Promise<readonly Result[]>,
  ) {}

  get size(): number {
    return this.waiting.length;
  }

  /** Resolves with this item's own result; rejects with the error of the call that carried it. */
  submit(item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.scheduled) return;
      this.scheduled = true;
      // A microtask later, so that everything submitted in one go shares the call.
      queueMicrotask(() => {
        this.scheduled = false;
        this.pump();
      });
    });
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.calling < this.options.parallelCalls) {
      const batch =
        this.waiting.length <= this.options.maxBatch
          ? this.waiting
          : this.waiting.slice(0, this.options.maxBatch);
      this.waiting = batch === this.waiting ? [] : this.waiting.slice(this.options.maxBatch);
      this.calling += 1;
      void this.send(batch).finally(() => {
        this.calling -= 1;
        this.pump();
      });
    }
  }

  private async send(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.call(batch.map((entry) => entry.item));
      batch.forEach((entry, index) => {
        const result = results[index];
        if (result === undefined)
          entry.reject(new Error(`the call answered ${results.length} of ${batch.length} items`));
        else entry.resolve(result);
      });
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    }
  }
}
