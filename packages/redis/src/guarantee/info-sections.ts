/** The fields of an INFO reply, all sections together. A field that the server does not have is missing. */
export type InfoFields = ReadonlyMap<string, string>;

/** Reads the text that INFO answers with: lines of `name:value`, sections headed by `# Name`. */
export function parseInfo(text: string): InfoFields {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/** What the server is. Valkey also reports a `redis_version`, frozen at 7.2, for old clients: its own name goes first. */
export function productOf(info: InfoFields): { product: string; version: string } {
  const valkey = info.get('valkey_version');
  if (valkey !== undefined) return { product: 'valkey', version: valkey };
  const name = info.get('server_name') ?? (info.has('dragonfly_version') ? 'dragonfly' : 'redis');
  return { product: name, version: info.get('redis_version') ?? '' };
}
