import { Logger } from '@nestjs/common';
import type { MessageLog } from '@onlyonce/core';
import type { MessageLogIds } from '../onlyonce.options.js';

const logger = new Logger('Onlyonce');

/** The handler's logger when the application brings none: Nest's, each line with the message's ids. */
export function nestMessageLog(ids: MessageLogIds): MessageLog {
  const line = (message: string, fields: Readonly<Record<string, unknown>> | undefined): object => ({
    message,
    ...ids,
    ...fields,
  });
  return {
    debug: (text, fields) => {
      logger.debug(line(text, fields));
    },
    info: (text, fields) => {
      logger.log(line(text, fields));
    },
    warn: (text, fields) => {
      logger.warn(line(text, fields));
    },
    error: (text, fields) => {
      logger.error(line(text, fields));
    },
  };
}
