import {
  LayoutMismatchError,
  type EntryId,
  type FencingToken,
  type GroupRef,
  type LockToken,
} from '@onlyonce/core';
import type { ScriptRunner } from '../scripts/script-runner.js';
import type { Keys } from './keys.js';
import { LAYOUT_VERSION, type Layout } from './layout.js';

export interface StoreSettings {
  /** How long ids are remembered, milliseconds; Infinity for ever. */
  readonly retentionMs: number;
  /** How far ahead of the server's clock an id's time may lie, milliseconds. */
  readonly futureMs: number;
  /** Batches of processed messages kept for the inbox listing. */
  readonly recentBatches: number;
  /** How long a pod that says nothing counts as live, milliseconds. */
  readonly podTimeoutMs: number;
}

/** What every call of the store needs: scripts, names, and the layout of each channel. */
export class StoreContext {
  private readonly layouts = new Map<string, Layout>();

  constructor(
    readonly scripts: ScriptRunner,
    readonly names: Keys,
    readonly settings: StoreSettings,
    private readonly plan: Layout,
  ) {}

  groupKey({ channel, group }: GroupRef): string {
    return this.names.group(channel, group);
  }

  /**
   * The layout in force for a channel: asked for once, then kept.
   * @throws LayoutMismatchError when the keys were written by another version
   */
  async layout(channel: string): Promise<Layout> {
    return this.layouts.get(channel) ?? (await this.register(channel, '', false));
  }

  /** Registers a group ('' for none) and learns the layout. Repeated after a reconnect: the store may be a new one. */
  async register(channel: string, group: string, adoptUnrouted: boolean): Promise<Layout> {
    const horizonMs = Number.isFinite(this.settings.retentionMs) ? this.settings.retentionMs : 0;
    const { sliceMs, buckets, generationMs } = this.plan;
    const args = [LAYOUT_VERSION, sliceMs, buckets, generationMs, horizonMs, group, adoptUnrouted ? 1 : 0];
    const reply = (await this.scripts.run('register', [this.names.channel(channel)], args)) as string[];
    const [version, slice, bucketCount, generation] = reply.map(Number);
    if (
      version !== LAYOUT_VERSION ||
      slice === undefined ||
      bucketCount === undefined ||
      generation === undefined
    ) {
      throw new LayoutMismatchError(
        `the keys of channel ${channel} have layout ${reply[0] ?? 'unknown'}; this version writes layout ${LAYOUT_VERSION}`,
      );
    }
    const layout = { sliceMs: slice, buckets: bucketCount, generationMs: generation };
    this.layouts.set(channel, layout);
    return layout;
  }
}

/** What comes back from a script is text the script itself wrote: branded here, at the edge. */
export function tokenOf(fence: string, nonce: string, pod: string): LockToken {
  return { fence: fence as FencingToken, nonce, pod };
}

export function entryIdOf(text: string): EntryId {
  return text as EntryId;
}
