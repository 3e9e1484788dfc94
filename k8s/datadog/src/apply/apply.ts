import { client } from '@datadog/datadog-api-client';
import { difference } from './difference.ts';
import { kindsOf, type Kind } from './kinds.ts';
import type { Settings } from './settings.ts';
import { readWanted } from './wanted.ts';

const MOST_LINES = 10;

export interface Tally {
  created: number;
  updated: number;
  same: number;
  failed: number;
}

/** Makes Datadog have what is generated, or only says what that would be. What fails does not stop the rest. */
export async function apply(settings: Settings, say: (text: string) => void): Promise<Tally> {
  const tally: Tally = { created: 0, updated: 0, same: 0, failed: 0 };
  for (const kind of kindsOf(configurationOf(settings), readWanted(settings))) {
    try {
      const found = await kind.find();
      for (const [name, json] of kind.wanted)
        await settle({ kind, name, json, found: found.get(name) }, settings, say, tally);
    } catch (error) {
      tally.failed += kind.wanted.size;
      say(`! ${kind.what}s: ${reasonOf(error)}`);
    }
  }
  return tally;
}

interface Item {
  readonly kind: Kind;
  readonly name: string;
  readonly json: unknown;
  readonly found: Awaited<ReturnType<Kind['find']>> extends ReadonlyMap<string, infer One>
    ? One | undefined
    : never;
}

async function settle(
  { kind, name, json, found }: Item,
  { yes }: Settings,
  say: (text: string) => void,
  tally: Tally,
): Promise<void> {
  const changes = found ? difference(json, found.json) : [];
  if (found && changes.length === 0) {
    tally.same += 1;
    return;
  }
  say(`${found ? '~' : '+'} ${kind.what} ${name}${found ? ` (${found.id})` : ''}`);
  for (const change of changes.slice(0, MOST_LINES)) say(`    ${change}`);
  if (changes.length > MOST_LINES) say(`    and ${changes.length - MOST_LINES} more`);
  try {
    if (yes && found) await kind.update(found, json);
    else if (yes) await kind.create(json);
    tally[found ? 'updated' : 'created'] += 1;
  } catch (error) {
    tally.failed += 1;
    say(`! ${kind.what} ${name}: ${reasonOf(error)}`);
  }
}

function configurationOf({ apiKey, appKey, site }: Settings): client.Configuration {
  const configuration = client.createConfiguration({
    authMethods: { apiKeyAuth: apiKey, appKeyAuth: appKey },
    // 429 and 5xx: waits as long as x-ratelimit-reset says, else 2, 4, 8 ... seconds.
    enableRetry: true,
    maxRetries: 5,
    isIaC: true,
    ...(site.startsWith('http') ? { baseServer: new client.BaseServerConfiguration(site, {}) } : {}),
  });
  if (!site.startsWith('http')) configuration.setServerVariables({ site });
  return configuration;
}

/** What Datadog says is wrong; its exceptions have it in `body`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!('code' in error)) return error.message;
  const hint =
    error.code === 403 ? ' (do the keys have the rights that --help lists, and is DD_SITE right?)' : '';
  const body: unknown = 'body' in error ? error.body : undefined;
  const errors =
    typeof body === 'object' && body !== null && 'errors' in body ? body.errors : (body ?? error.message);
  return `${String(error.code)} ${JSON.stringify(errors).slice(0, 500)}${hint}`;
}
