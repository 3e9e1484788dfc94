import { expect, test } from '@jest/globals';
import { followed, isLogCommand, LogCommand } from './log-command.mjs';
import { waitFor } from '../../local/wait-for.mjs';

const since = new Date('2026-11-21T10:00:00.000Z');

test.each([
  ['docker compose logs order', 'docker compose logs --follow --since=2026-11-21T10:00:00.000Z order'],
  [
    'kubectl -n shop logs -l app=order --prefix',
    'kubectl -n shop logs --follow --since-time=2026-11-21T10:00:00.000Z -l app=order --prefix',
  ],
  ['kubectl logs -f deploy/order --since=5m', 'kubectl logs -f deploy/order --since=5m'],
])('%s goes on and begins where the run began', (given, expected) => {
  expect(isLogCommand(given)).toBe(true);
  expect(followed(given, since).join(' ')).toBe(expected);
});

test.each([['logs/docker.jsonl'], ['-'], ['kubectl.log'], ['dockerlogs *.log']])(
  '%s is no command',
  (text) => {
    expect(isLogCommand(text)).toBe(false);
  },
);

test('a command that prints lines is read; one that ends by itself, or is not there, is a fault', async () => {
  const printed = new LogCommand(['sh', '-c', 'echo one; echo two; echo no such pod >&2; exit 3']);
  await waitFor('its end', () => printed.fault !== undefined, { deadlineMs: 10_000, everyMs: 5 });
  await waitFor('its lines', () => printed.lines.ended, { deadlineMs: 10_000, everyMs: 5 });
  expect([...printed.news()]).toEqual(['one', 'two']);
  expect(printed.fault?.message).toMatch(/^sh -c .*: it ended with 3: no such pod$/);
  const missing = new LogCommand(['onlyonce-no-such-program', 'logs']);
  await waitFor('its fault', () => missing.fault !== undefined, { deadlineMs: 10_000, everyMs: 5 });
  expect(missing.fault?.message).toContain('ENOENT');
});
