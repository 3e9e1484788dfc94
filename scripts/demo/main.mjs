// @ts-check
// make demo: 500 orders, 100 of them sent twice, one replica killed, one paused past the TTL of its locks; then
// counts what took effect. Ends with PROVED (exit code 0) or FAILED (1) and leaves nothing running.
// Settings: DEMO_ORDERS, DEMO_ORDERS_PER_SECOND, DEMO_LOCK_TTL_MS, DEMO_HANDLER_DELAY_MS, REDIS_URL, LOCAL_REDIS.
import { styleText } from 'node:util';
import { runDemo } from './demo.mjs';
import { lastLine } from './judge.mjs';
import { Progress } from './progress.mjs';
import { report } from './report.mjs';
import { demoSettings } from './settings.mjs';
import { Stage } from './stage.mjs';

const NEXT = `To keep it up and play: make up, then make logs, and make down when you are done.`;

const progress = new Progress();
const stage = new Stage();

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.once(signal, () => {
    progress.lastWord('Interrupted: everything is stopped.');
    void stage.clear({ keepLogs: false }).finally(() => process.exit(code));
  });
}
process.on('exit', () => stage.killNow());

try {
  const settings = demoSettings(process.env);
  const run = await play(settings);
  console.log(report(run));
  if (run.verdict.faults.length > 0) process.exitCode = 1;
  console.log(`The logs are in ${stage.keptLogs}. ${NEXT}\n`);
  console.log(
    styleText([process.exitCode ? 'red' : 'green', 'bold'], lastLine(settings.orders, run.verdict)),
  );
} catch (error) {
  await stage.clear({ keepLogs: true });
  console.error(error);
  console.log(`FAILED: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  process.exitCode = 1;
}

/** @param {import('./settings.mjs').DemoSettings} settings */
async function play(settings) {
  progress.say('Starting Redis ...');
  const redis = await stage.startRedis();
  progress.say(`Redis: ${redis}. Starting 1 order and 3 inventory processes ...`);
  const { order, inventories } = await stage.startPods(settings);
  progress.say(`Ready: ${[order, ...inventories].map(({ name }) => name).join(', ')}.`);
  const run = await runDemo({ order, inventories, settings, progress });
  progress.say('Stopping everything ...');
  await stage.clear({ keepLogs: true });
  return run;
}
