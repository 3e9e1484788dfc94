/** One Redis for one test file: can be killed, started again on its data, and paused. */
export interface RedisServer {
  readonly url: string;
  readonly host: string;
  /** Stays the same over kill and start. */
  readonly port: number;
  /** Ends the server as a crash would; what was not written to disk is lost. */
  kill(): Promise<void>;
  /** Starts a killed server on the same port and data, the append-only file repaired first. */
  start(): Promise<void>;
  /** Stops the server's time: connections stay open, nothing answers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** More arguments of redis-server, say `['--maxmemory', '10mb']`. */
  readonly args?: readonly string[];
  /** When the append-only file is synced; `off` keeps none. Default `always`. */
  readonly append?: 'always' | 'everysec' | 'off';
  /** A directory to keep the data in. Local servers only; it is not removed. Default a temporary one. */
  readonly keepData?: string;
}

/** What every server of ours is started with. */
export function serverArguments(options: RedisOptions): string[] {
  const append = options.append ?? 'always';
  return [
    ['--save', ''],
    ['--appendonly', append === 'off' ? 'no' : 'yes'],
    ...(append === 'off' ? [] : [['--appendfsync', append]]),
    // F1 in docs/protocol.md: a tail cut silently breaks atomicity at the second restart; start() repairs instead.
    ['--aof-load-truncated', 'no'],
    options.args ?? [],
  ].flat();
}
