import { jest } from '@jest/globals';

// Here rather than in jest.config.mjs: Jest ignores `testTimeout` in a project's settings.
jest.setTimeout(30_000);

// In CI a test against real servers gets a second chance, and its first failure is printed: a machine that stalls for a
// second must not hide what else a run has to say. Locally a failure is a failure.
if (process.env.CI) jest.retryTimes(1, { logErrorsBeforeRetry: true });
