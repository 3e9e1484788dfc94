// @ts-check
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Random } from '../random.mjs';
import { openPart } from '../redis/aof-file.mjs';
import { RedisNode } from '../redis/redis-node.mjs';
import { emptyResult } from '../result.mjs';
import { Scene } from '../scene.mjs';

const BEGIN = '*1\r\n$5\r\nMULTI\r\n';
const END = '*1\r\n$4\r\nEXEC\r\n';
const ROW = 14;

/** Everything but locks, which run out by themselves, as one text. */
const STATE = `local out = {}
local keys = redis.call('KEYS', '*')
table.sort(keys)
for _, key in ipairs(keys) do
  if not string.find(key, 'lock:', 1, true) then
    local kind = redis.call('TYPE', key).ok
    local cells
    if kind == 'hash' then cells = redis.call('HGETALL', key)
    elseif kind == 'set' then cells = redis.call('SMEMBERS', key)
    elseif kind == 'zset' then cells = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
    elseif kind == 'stream' then cells = { redis.call('XLEN', key) }
    else cells = { redis.call('GET', key) } end
    if kind == 'hash' or kind == 'set' then table.sort(cells) end
    out[#out + 1] = key .. '=' .. table.concat(cells, ',')
  end
end
return redis.sha1hex(table.concat(out, ';'))`;

/**
 * A commit cut at byte after byte: after the repair and two starts, with a write between them, the store must be what it
 * was before the commit, and what was written between must be there.
 * @type {import('../own-programs.mjs').OwnProgram}
 */
export async function tornBytes(means) {
  const { plan, directory, say } = means;
  const began = performance.now();
  const result = emptyResult(plan.name);
  const template = await recordedCommit(means);
  const { content, begin, end } = template;
  const random = new Random(plan.seed);
  const every = plan.wanted[ROW] === undefined ? 0 : means.settings.profile === 'long';
  const inside = Array.from({ length: end - begin - 1 }, (_, nth) => begin + 1 + nth);
  const offsets = every
    ? inside
    : Array.from({ length: means.settings.profile === 'ci' ? 4 : 24 }, () => random.pick(inside));
  say(
    `a commit of ${end - begin} bytes, cut at ${every ? 'every one of them' : `${offsets.length} of them`}`,
  );
  const before = await stateAfter(means, template, content.subarray(0, begin));
  const after = await stateAfter(means, template, content.subarray(0, end));
  if (before.first === after.first) result.wrongs.push('the commit that is to be torn changes nothing');
  for (const offset of offsets) {
    const state = await stateAfter(means, template, content.subarray(0, offset));
    if (state.first !== before.first)
      result.wrongs.push(`cut at byte ${offset - begin}: the store is not what it was`);
    if (state.second !== before.second)
      result.wrongs.push(`cut at byte ${offset - begin}: different after the second start`);
  }
  result.done.set(ROW, offsets.length);
  rmSync(join(directory, 'torn'), { recursive: true, force: true });
  result.seconds = Math.round((performance.now() - began) / 1_000);
  return result;
}

/**
 * A few messages through one pod, and the file that remains.
 * @param {import('../own-programs.mjs').Means} means
 */
async function recordedCommit(means) {
  const scene = new Scene({ ...means, settings: { ...means.settings, pods: 1 }, surroundings: {} });
  means.onScene(scene);
  await scene.open();
  await scene.load('run');
  await scene.load('stop');
  await scene.settled(30_000);
  await scene.endPods();
  await scene.redis.kill('SIGTERM');
  const file = openPart(scene.redis.directory);
  const content = readFileSync(file);
  // A commit: it takes its message out of the backlog.
  const removal = content.lastIndexOf('\r\nXDEL\r\n');
  const begin = content.lastIndexOf(BEGIN, removal);
  const end = content.indexOf(END, removal) + END.length;
  if (removal < 0 || begin < 0 || end < removal) throw new Error('no commit in the append-only file');
  const folder = join(scene.redis.directory, 'appendonlydir');
  return { content, begin, end, folder, name: basename(file) };
}

/**
 * @param {import('../own-programs.mjs').Means} means
 * @param {Awaited<ReturnType<typeof recordedCommit>>} template
 * @param {Buffer} content
 */
async function stateAfter({ directory, onProcess }, { folder, name }, content) {
  const home = join(directory, 'torn');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, 'appendonlydir'), { recursive: true });
  const manifest = 'appendonly.aof.manifest';
  const base =
    readFileSync(join(folder, manifest), 'utf8')
      .split('\n')
      .find((line) => line.includes(' type b'))
      ?.split(' ')[1] ?? '';
  for (const file of [manifest, base])
    writeFileSync(join(home, 'appendonlydir', file), readFileSync(join(folder, file)));
  writeFileSync(join(home, 'appendonlydir', name), content);
  const onStart = (/** @type {RedisNode} */ node) =>
    node.pid !== undefined && onProcess('torn', node.pid, 'redis-server');
  const node = await RedisNode.create({ directory: home, onStart: (started) => void onStart(started) });
  const state = async () => String(await node.ask('EVAL', STATE, 0));
  try {
    await node.start();
    const first = await state();
    await node.ask('SET', 'written-between', 1);
    await node.kill();
    await node.start();
    return { first, second: await state() };
  } finally {
    await node.kill();
  }
}
