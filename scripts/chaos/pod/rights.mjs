// @ts-check
// Takes each right of the README's list away from a user once and runs the preflight; tells what came of it as JSON.
import { readFileSync } from 'node:fs';
import { openClient, redisBackend, redisConnection } from '@onlyonce/redis';
import { givenSettings } from './settings.mjs';

const { redisUrl } = givenSettings();
const readme = readFileSync(new URL('../../../packages/redis/README.md', import.meta.url), 'utf8');
/** The rights as the README lists them. */
const whole = (/^~\{shop\}[\s\S]*?(?=\n```)/m.exec(readme)?.[0] ?? '').split(/\s+/);
if (whole.length < 20) throw new Error('the README of packages/redis lists no rights');

/** What a pod can do without, or what the preflight takes no step with; packages/redis/test/acl.int-spec.ts says why. */
const NOT_TRIED = new Set(
  `+ping +hello +info +client|setname +client|setinfo +config|get +subscribe +unsubscribe +wait +hscan +hgetall
  +eval +sadd +srem +zscore +zremrangebyscore +zrange +zcard +rpush +rename +xrevrange +pexpire +get +exists +type +publish`.split(
    /\s+/,
  ),
);

const open = async (/** @type {object} */ login) => {
  const client = openClient(redisConnection({ url: redisUrl, pod: 'rights', ...login }));
  client.on('error', () => undefined);
  if (client.status !== 'ready') await new Promise((resolve) => client.once('ready', resolve));
  return client;
};
const admin = await open({});

/** @param {string} name @param {readonly string[]} rights */
async function preflightWith(name, rights) {
  await admin.call('ACL', 'SETUSER', name, 'reset', 'on', '>secret', ...rights);
  const client = await open({ username: name, password: 'secret' });
  const backend = redisBackend({ client, namespace: 'shop' });
  try {
    await backend.preflight();
    return '';
  } catch (error) {
    let text = '';
    for (let cause = error; cause instanceof Error; cause = cause.cause) text += `${cause.message}; `;
    return text === '' ? String(error) : text;
  } finally {
    await backend.close();
    client.disconnect();
  }
}

const stranger = async () => (await admin.keys('*')).filter((key) => !key.includes('preflight-')).sort();
// Scripts the server knows already: a pod that comes to a running shop.
const refusedWhole = await preflightWith('whole', whole);
if (refusedWhole !== '') throw new Error(`the whole list is not enough: ${refusedWhole}`);
const known = new Set(await stranger());
const tried = [];
for (const right of whole.filter((each) => each.startsWith('+'))) {
  const told = await preflightWith(
    'lacking',
    whole.filter((each) => each !== right),
  );
  const left = (await stranger()).filter((key) => !known.has(key));
  tried.push({ right, needed: !NOT_TRIED.has(right), refused: told !== '', told, left });
}
process.stdout.write(JSON.stringify({ whole, tried }), () => process.exit(0));
