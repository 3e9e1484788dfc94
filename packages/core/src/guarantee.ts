/** What was read from the store at start. `undefined`: the store would not say (rights, a managed service). */
export interface StoreFacts {
  readonly product: string;
  readonly version: string;
  readonly appendOnly?: boolean | undefined;
  readonly fsync?: 'always' | 'everysec' | 'no' | undefined;
  /** Whether a torn tail of the append-only file is cut silently at load (F1 in docs/protocol.md). */
  readonly truncatesTornTail?: boolean | undefined;
  readonly evictionPolicy?: string | undefined;
  readonly maxMemoryBytes?: number | undefined;
  readonly replicas?: number | undefined;
  /** Store's clock minus ours, milliseconds. */
  readonly clockOffsetMs?: number | undefined;
}

export interface GuaranteeDemand {
  /** Replicas that must have a message before it counts as accepted; 0 for local durability. */
  readonly waitReplicas: number;
  /** How long processed ids are remembered, milliseconds; Infinity for ever. */
  readonly retentionMs: number;
  /** Rate the memory estimate is made for. */
  readonly expectedMessagesPerSecond: number;
}

export interface GuaranteeReport {
  /** G1: effects in the store take effect exactly once. Holds whatever is weak below, on the history that survives. */
  readonly effects: 'exactly-once';
  /** Whether an acknowledged message can be lost by a crash of the store. */
  readonly acceptance: 'durable' | 'replicated' | 'can-lose';
  /** Each sentence names one thing that weakens acceptance, and what to set. */
  readonly weaknesses: readonly string[];
  /** What is worth knowing and takes nothing away. */
  readonly remarks: readonly string[];
  readonly facts: StoreFacts;
}

/** Measured with a million: 53 where it is published, 37 where it is processed. */
const BYTES_PER_ID = 53 + 37;
const CLOCK_OFFSET_WORTH_TELLING_MS = 1_000;

/** Says which guarantee a deployment gives. Pure: facts in, verdict out. */
export function judgeGuarantee(facts: StoreFacts, demand: GuaranteeDemand): GuaranteeReport {
  const weaknesses: string[] = [];
  const remarks: string[] = [];
  const replicated = demand.waitReplicas > 0 && (facts.replicas ?? 0) >= demand.waitReplicas;

  if (facts.appendOnly === undefined) {
    weaknesses.push('persistence is unknown: the store does not let us read its configuration');
  } else if (!facts.appendOnly) {
    weaknesses.push(
      'appendonly is off: a crash of the store loses acknowledged messages; set appendonly yes',
    );
  } else if (facts.fsync !== 'always') {
    weaknesses.push(
      `appendfsync is ${facts.fsync ?? 'unknown'}: a crash of the machine loses about the last second of ` +
        'acknowledged messages; set appendfsync always',
    );
  }
  if (facts.evictionPolicy !== undefined && facts.evictionPolicy !== 'noeviction') {
    weaknesses.push(
      `maxmemory-policy is ${facts.evictionPolicy}: under memory pressure processed ids can be evicted; set noeviction`,
    );
  }
  if (demand.waitReplicas > 0 && !replicated) {
    weaknesses.push(
      `${demand.waitReplicas} replicas must confirm each message and ${facts.replicas ?? 0} are connected`,
    );
  }
  if (facts.appendOnly && facts.truncatesTornTail) {
    weaknesses.push(
      'aof-load-truncated is yes: a torn tail of the append-only file breaks atomicity at the second restart; ' +
        'set it to no and run redis-check-aof --fix before each start',
    );
  }

  if ((facts.replicas ?? 0) > 0 && demand.waitReplicas === 0) {
    remarks.push(
      'replication is asynchronous: a failover can lose the last acknowledged messages; see WAIT_REPLICAS',
    );
  }
  if (facts.clockOffsetMs !== undefined && Math.abs(facts.clockOffsetMs) > CLOCK_OFFSET_WORTH_TELLING_MS) {
    remarks.push(
      `the store's clock differs from ours by ${Math.round(facts.clockOffsetMs)} ms; only the store's is used for locks`,
    );
  }
  const memory = memoryForIds(demand);
  if (facts.maxMemoryBytes && memory > facts.maxMemoryBytes) {
    remarks.push(
      `remembering ids takes ${gigabytes(memory)} at ${demand.expectedMessagesPerSecond} messages/s, ` +
        `more than maxmemory (${gigabytes(facts.maxMemoryBytes)})`,
    );
  }
  const acceptance = weaknesses.length > 0 ? 'can-lose' : replicated ? 'replicated' : 'durable';
  return { effects: 'exactly-once', acceptance, weaknesses, remarks, facts };
}

/** Bytes that remembered ids take on both sides: rate x retention x 90 (measured: docs/performance.md). */
export function memoryForIds(demand: GuaranteeDemand): number {
  if (!Number.isFinite(demand.retentionMs)) return 0;
  return (demand.expectedMessagesPerSecond * demand.retentionMs * BYTES_PER_ID) / 1_000;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
