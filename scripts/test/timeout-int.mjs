import { jest } from '@jest/globals';

// Here rather than in jest.config.mjs: Jest ignores `testTimeout` in a project's settings.
jest.setTimeout(30_000);
