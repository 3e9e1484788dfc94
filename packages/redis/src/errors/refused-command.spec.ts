import { describe, expect, it } from '@jest/globals';
import { refusedCommand } from './refused-command.js';

const SOURCE =
  "#!lua\nlocal a = 1\nredis.call('DEL', KEYS[1])\nreturn redis.call(a > 1 and 'HGET' or 'HMGET', KEYS[1])";
const refusedAt = (line: number): string =>
  `ERR The user executing the script can't run this command or subcommand script: abc123, on @user_script:${line}.`;

describe('refusedCommand', () => {
  it('names the command of the line that Redis 7.0 tells of', () => {
    expect(refusedCommand(refusedAt(3), SOURCE)).toBe('DEL');
    expect(refusedCommand(refusedAt(4), SOURCE)).toBe('HGET or HMGET');
  });

  it('says nothing when there is nothing to say', () => {
    expect(refusedCommand(refusedAt(2), SOURCE)).toBeUndefined();
    expect(refusedCommand(refusedAt(99), SOURCE)).toBeUndefined();
    expect(refusedCommand('ERR wrong type script: abc, on @user_script:3.', SOURCE)).toBeUndefined();
  });
});
