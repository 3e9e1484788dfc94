import type { Cluster, Redis } from 'ioredis';
import { withDeadline } from '../call-deadline.js';
import { refusedCommand } from '../errors/refused-command.js';
import { translateError } from '../errors/translate-error.js';
import type { Argument } from './argument.js';
import { pack } from './pack.js';
import { loadScript, SCRIPT_NAMES, type Script, type ScriptName } from './script.js';

/**
 * Runs scripts by digest, and sends the source when the server does not know it (any more). Every call has a
 * deadline of its own, since the client library can swallow one (finding F5); errors come out as the engine's.
 */
export class ScriptRunner {
  private readonly scripts: ReadonlyMap<ScriptName, Script>;

  constructor(
    private readonly client: Redis | Cluster,
    private readonly deadlineMs: number,
  ) {
    this.scripts = new Map(SCRIPT_NAMES.map((name) => [name, loadScript(name)]));
  }

  /**
   * @throws StoreUnavailableError when there was no answer: whether the script ran is unknown
   * @throws StoreRefusedError, StoreFullError when the server said no: nothing was written
   */
  run(name: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return this.bounded(name, keys, args);
  }

  /** The same for a script that takes its arguments as one packed list. @param more what it takes beside the list */
  runPacked(
    name: ScriptName,
    keys: readonly string[],
    args: readonly Argument[],
    more: readonly Argument[] = [],
  ): Promise<unknown> {
    return this.bounded(name, keys, [pack(args), ...more]);
  }

  private async bounded(
    name: ScriptName,
    keys: readonly string[],
    args: readonly (Argument | Buffer)[],
  ): Promise<unknown> {
    const script = this.scripts.get(name);
    if (!script) throw new Error(`no script ${name}`);
    try {
      return await withDeadline(this.byDigest(script, keys, args), this.deadlineMs, name);
    } catch (error) {
      const refused = error instanceof Error ? refusedCommand(error.message, script.source) : undefined;
      throw translateError(error, refused === undefined ? name : `${name} (${refused})`);
    }
  }

  private async byDigest(
    script: Script,
    keys: readonly string[],
    args: readonly (Argument | Buffer)[],
  ): Promise<unknown> {
    try {
      return await this.client.evalsha(script.sha1, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.client.eval(script.source, keys.length, ...keys, ...args);
    }
  }
}
