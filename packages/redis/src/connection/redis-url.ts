import { InvalidInputError } from '@onlyonce/core';

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly hosts: readonly [HostAndPort, ...HostAndPort[]];
}

/** Where Redis is, as a URL says it. */
export type RedisUrl =
  | (Access & { readonly kind: 'single'; readonly db: number })
  | (Access & { readonly kind: 'sentinel'; readonly db: number; readonly masterName: string | undefined })
  | (Access & { readonly kind: 'cluster' });

const FIELD = 'REDIS_URL';
const DEFAULT_PORT = 6379;
const DEFAULT_SENTINEL_PORT = 26_379;
const MAX_PORT = 65_535;

// The user part reaches to the last @, so that a password with a raw @ or / in it still works.
const URL_FORM = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:(.*)@)?([^@/]*)(?:\/([^@]*))?$/s;
const HOST_FORM = /^(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/;
const DATABASE = /^\d{1,6}$/;
const MASTER_NAME = /^[\w.-]+$/;

/**
 * Reads a Redis URL by hand: `URL` knows no list of hosts.
 *
 * - `redis://[user:password@]host[:port][/db]`
 * - `redis+sentinel://[user:password@]host[:port],.../masterName[/db]`
 * - `redis+cluster://[user:password@]host[:port],...`
 *
 * and the same with `rediss` for TLS. User and password may be percent-encoded.
 * @throws InvalidInputError naming REDIS_URL; its text repeats no part of the URL, which may hold a password anywhere
 */
export function parseRedisUrl(url: string): RedisUrl {
  const match = URL_FORM.exec(url);
  if (!match) {
    throw refused(
      'must look like redis[s][+sentinel|+cluster]://[user:password@]host[:port][,host...][/...]',
    );
  }
  const [, scheme, kind, user, hostList = '', path = ''] = match;
  const defaultPort = kind === 'sentinel' ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT;
  const [first, ...others] = hostList.split(',').map((text) => hostAndPort(text, defaultPort));
  if (!first) throw refused('names no host');
  const access: Access = { tls: scheme === 'rediss', ...credentials(user), hosts: [first, ...others] };

  switch (kind) {
    case 'cluster':
      if (path !== '' && path !== '0')
        throw refused('must not name a database: a cluster has only database 0');
      return { kind: 'cluster', ...access };
    case 'sentinel': {
      const [masterName = '', db = '', ...rest] = path.split('/');
      if (rest.length > 0 || (masterName !== '' && !MASTER_NAME.test(masterName))) {
        throw refused('must end in /masterName or /masterName/db');
      }
      return { kind: 'sentinel', ...access, db: database(db), masterName: masterName || undefined };
    }
    default:
      if (others.length > 0) throw refused('names several hosts: say redis+sentinel:// or redis+cluster://');
      return { kind: 'single', ...access, db: database(path) };
  }
}

/** The URL as it may appear in a log: nothing of the user part but its name. */
export function maskedRedisUrl(url: string): string {
  const { kind, tls, username, hosts } = parseRedisUrl(url);
  const scheme = `${tls ? 'rediss' : 'redis'}${kind === 'single' ? '' : `+${kind}`}`;
  const hasUserPart = url.includes('@');
  const names = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  return `${scheme}://${hasUserPart ? `${username ?? ''}:***@` : ''}${names.join(',')}`;
}

function hostAndPort(text: string, defaultPort: number): HostAndPort {
  const match = HOST_FORM.exec(text.trim());
  if (!match) throw refused('must name each host as host, host:port or [ipv6]:port');
  const host = match[1] ?? match[2] ?? '';
  const port = match[3] === undefined ? defaultPort : Number(match[3]);
  if (port < 1 || port > MAX_PORT) throw refused(`has a port outside 1 to ${MAX_PORT}`);
  return { host, port };
}

function credentials(user: string | undefined): Pick<Access, 'username' | 'password'> {
  if (user === undefined || user === '') return { username: undefined, password: undefined };
  const colon = user.indexOf(':');
  // As redis-cli reads it: a user part without a colon is a password.
  const name = colon < 0 ? '' : user.slice(0, colon);
  const password = user.slice(colon + 1);
  return { username: decoded(name) || undefined, password: decoded(password) || undefined };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('has a % in user or password that is not percent-encoded (write it as %25)');
  }
}

function database(text: string): number {
  if (text === '') return 0;
  if (!DATABASE.test(text)) throw refused('must end in the number of a database, or in nothing');
  return Number(text);
}

function refused(reason: string): InvalidInputError {
  return new InvalidInputError(FIELD, reason);
}
