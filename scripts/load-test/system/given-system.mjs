// @ts-check
import { FileTails } from '../capture/file-tails.mjs';
import { LineStream } from '../capture/line-stream.mjs';
import { followed, isLogCommand, LogCommand } from '../capture/log-command.mjs';
import { findFiles } from '../../verify/sources/file-source.mjs';
import { nothingToEnd } from './nothing-to-end.mjs';

/**
 * A system that somebody else runs, by the URLs of its services.
 * @param {import('../settings.mjs').LoadSettings} settings
 * @param {Date} since
 * @returns {import('./system.mjs').System}
 * @throws Error when LOGS names no file
 */
export function givenSystem({ target, inventoryUrl, logs }, since) {
  return {
    what: target,
    orderUrl: target,
    inventoryUrl,
    lines: logs === undefined ? undefined : linesOf(logs, since),
    logFiles: [],
    judgedBy: [
      '--order-url',
      target,
      ...(inventoryUrl === undefined ? [] : ['--inventory-url', inventoryUrl]),
    ],
    ...nothingToEnd,
  };
}

/**
 * @param {string} logs
 * @param {Date} since
 * @returns {import('../capture/log-capture.mjs').Lines}
 */
function linesOf(logs, since) {
  if (logs === '-') return new LineStream(process.stdin);
  if (isLogCommand(logs)) return new LogCommand(followed(logs, since));
  const patterns = logs.split(/\s+/);
  const { missing } = findFiles(patterns);
  if (missing.length > 0)
    throw new Error(
      `LOGS must be files or globs, - or a docker or kubectl command; no such file: ${missing.join(', ')}`,
    );
  return new FileTails(patterns);
}
