import type { MessageLog } from '@onlyonce/core';
import type { Logger } from 'pino';
import type { MessageLogIds } from '../onlyonce.options.js';
import { datadogIds } from './datadog-ids.js';

/** For `OnlyonceOptions.logFor`: what a handler logs carries its message's ids and trace. */
export function messageLogger(logger: Logger): (ids: MessageLogIds) => MessageLog {
  return ({ traceId, spanId, ...ids }) => {
    const dd = traceId !== undefined && spanId !== undefined ? { dd: datadogIds({ traceId, spanId }) } : {};
    const child = logger.child({ ...ids, ...dd });
    return {
      debug: (text, fields) => {
        child.debug(fields ?? {}, text);
      },
      info: (text, fields) => {
        child.info(fields ?? {}, text);
      },
      warn: (text, fields) => {
        child.warn(fields ?? {}, text);
      },
      error: (text, fields) => {
        child.error(fields ?? {}, text);
      },
    };
  };
}
