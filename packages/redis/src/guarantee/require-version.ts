import { StoreRefusedError } from '@onlyonce/core';

const LEAST: Readonly<Record<string, number>> = { redis: 7, valkey: 8 };

/**
 * Refuses a server too old for the scripts: they need the script flags of Redis 7.0. A product we do not know is let
 * through if it says it is Redis 7 or later, as compatible products do; its facts are read as they are.
 * @throws StoreRefusedError saying what was found and what is needed
 */
export function requireVersion(server: { readonly product: string; readonly version: string }): void {
  const least = LEAST[server.product] ?? LEAST['redis'] ?? 0;
  const major = Number.parseInt(server.version, 10);
  if (major >= least) return;
  throw new StoreRefusedError(
    `found ${server.product} ${server.version || 'of unknown version'}; needed: Redis 7.0 or later, or Valkey 8 or later`,
  );
}
