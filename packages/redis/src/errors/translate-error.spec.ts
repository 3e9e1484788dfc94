import { describe, expect, test } from '@jest/globals';
import { InvalidInputError, type ErrorCode } from '@onlyonce/core';
import { ReplyError } from 'ioredis';
import { translateConnectionError, translateError } from './translate-error.js';

// Texts as Redis 7.0 and 8, Valkey 8 and ioredis 6.0.0 write them.
const REPLIES: readonly (readonly [ErrorCode, string])[] = [
  ['STORE_UNAVAILABLE', 'LOADING Redis is loading the dataset in memory'],
  [
    'STORE_UNAVAILABLE',
    "READONLY You can't write against a read only replica. script: 0a1b, on @user_script:3.",
  ],
  ['STORE_UNAVAILABLE', "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."],
  ['STORE_UNAVAILABLE', 'CLUSTERDOWN The cluster is down'],
  ['STORE_UNAVAILABLE', 'CLUSTERDOWN Hash slot not served'],
  [
    'STORE_UNAVAILABLE',
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
  ],
  ['STORE_UNAVAILABLE', 'TRYAGAIN Multiple keys request during rehashing of slot'],
  ['STORE_UNAVAILABLE', 'MISCONF Errors writing to the AOF file: No space left on device'],
  ['STORE_UNAVAILABLE', 'NOREPLICAS Not enough good replicas to write.'],
  ['STORE_UNAVAILABLE', 'NOSCRIPT No matching script. Please use EVAL.'],
  [
    'STORE_UNAVAILABLE',
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
  ],
  ['STORE_UNAVAILABLE', 'MOVED 3999 127.0.0.1:6381'],
  ['STORE_UNAVAILABLE', 'ASK 3999 127.0.0.1:6381'],
  ['STORE_UNAVAILABLE', 'ERR max number of clients reached'],
  ['STORE_UNAVAILABLE', 'ERR Error running script (call to f_0a1b): Script killed by user with SCRIPT KILL.'],
  [
    'STORE_UNAVAILABLE',
    'ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0',
  ],
  ['STORE_FULL', "OOM command not allowed when used memory > 'maxmemory'."],
  ['STORE_FULL', "OOM command not allowed when used memory > 'maxmemory'. script: 0a1b, on @user_script:9."],
  ['STORE_REFUSED', "NOPERM User app has no permissions to run the 'xadd' command"],
  ['STORE_REFUSED', 'NOPERM No permissions to access a channel'],
  ['STORE_REFUSED', 'WRONGTYPE Operation against a key holding the wrong kind of value'],
  ['STORE_REFUSED', 'WRONGPASS invalid username-password pair or user is disabled.'],
  ['STORE_REFUSED', 'NOAUTH Authentication required.'],
  ['STORE_REFUSED', "CROSSSLOT Keys in request don't hash to the same slot"],
  ['STORE_REFUSED', 'ERR user_script:12: attempt to index a nil value script: 0a1b, on @user_script:12.'],
  ['STORE_REFUSED', 'ERR unknown command'],
];

const FROM_THE_DRIVER: readonly Error[] = [
  new Error('Connection is closed.'),
  new Error("Stream isn't writeable and enableOfflineQueue options is false"),
  new Error("Cluster isn't ready and enableOfflineQueue options is false"),
  new Error('Command timed out'),
  new Error('Too many Cluster redirections. Last error: ReplyError: TRYAGAIN Multiple keys request'),
  new Error('None of startup nodes is available'),
  new Error(
    'All sentinels are unreachable. Retrying from scratch after 50ms. Last error: connect ECONNREFUSED',
  ),
  new Error("Socket timeout. Expecting data, but didn't receive any in 5000ms."),
  named('AbortError', 'Command aborted due to connection close'),
  named('MaxRetriesPerRequestError', 'Reached the max retries per request limit (which is 0).'),
  named('ClusterAllFailedError', 'Failed to refresh slots cache.'),
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'].map(
    (code) => Object.assign(new Error(`connect ${code} 10.0.0.1:6379`), { code }),
  ),
];

describe('translateError', () => {
  test.each(REPLIES)('%s: %s', (code, text) => {
    const translated = translateError(replyError(text), 'commit');
    const retryable = code !== 'STORE_REFUSED';
    expect(translated).toMatchObject({ code, retryable, message: `commit: ${text}` });
  });

  test.each(FROM_THE_DRIVER.map((error) => [error.message, error] as const))(
    'unavailable: %s',
    (_, error) => {
      expect(translateError(error, 'claim')).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: error });
    },
  );

  test('what an OOM looks like in another error does not make it one', () => {
    expect(translateError(replyError('ERR OOM is not what this is'), 'x')).toMatchObject({
      code: 'STORE_REFUSED',
    });
  });

  test('our own errors pass', () => {
    const own = new InvalidInputError('x', 'is wrong');
    expect(translateError(own, 'publish')).toBe(own);
  });

  test('a fault of ours is not taken for the store being away, or it would be retried for ever', () => {
    const fault = new TypeError('x is not a function');
    expect(translateError(fault, 'publish')).toBe(fault);
  });

  test('a connection that reports an unknown error is unavailable', () => {
    const error = Object.assign(new Error('self-signed certificate'), {
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(translateConnectionError(error, 'subscribe')).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  test('the arguments of the call, the password among them, are taken from the cause', () => {
    const error = replyError('WRONGPASS invalid username-password pair');
    Object.assign(error, { command: { name: 'hello', args: ['3', 'AUTH', 'app', 's3cret'] } });
    const { cause } = translateError(error, 'connect');
    expect(cause).toMatchObject({ command: { name: 'hello' } });
    expect(JSON.stringify(cause)).not.toContain('s3cret');
  });
});

function replyError(text: string): Error {
  // The driver declares the class without a type.
  const Reply = ReplyError as new (message: string) => Error;
  return new Reply(text);
}

function named(name: string, text: string): Error {
  return Object.assign(new Error(text), { name });
}
