// Logs in one turn, and ends itself in the next one by SIGKILL; for logger.e2e-spec.ts.
import { createLogger } from '@onlyonce/nestjs';

const logger = createLogger({ service: 'logging', version: '1', env: 'ci', pod: 'pod-1', level: 'info' });
for (let line = 1; line <= 1_000; line += 1) logger.info({ line });
setTimeout(() => {
  logger.info({ line: 'of the last turn' });
  if (process.argv[2] === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
  process.exit(0);
}, 5);
