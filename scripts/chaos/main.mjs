// @ts-check
// make chaos: a seeded campaign over the fault matrix, on real processes and a real Redis; then the verifier. Ends with
// PROVED (exit code 0) or FAILED (1) and leaves nothing running. docs/chaos.md lists the settings.
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { styleText } from 'node:util';
import { ROOT } from '../local/state-directory.mjs';
import { Campaign } from './campaign.mjs';
import { replayCommand } from './replay-command.mjs';
import { chaosSettings } from './settings.mjs';
import { summaryText } from './summary.mjs';

const began = performance.now();
const say = (/** @type {string} */ text) => {
  const seconds = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
  console.log(`${seconds} ${text}`);
};

/** @returns {import('./settings.mjs').ChaosSettings | undefined} */
function settingsOrComplaint() {
  try {
    return chaosSettings(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
    return undefined;
  }
}

const settings = settingsOrComplaint();
if (settings) await play(settings);

/** @param {import('./settings.mjs').ChaosSettings} given */
async function play(given) {
  const campaign = new Campaign(given, say);
  const replay = replayCommand(given);
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.once(signal, () => {
      console.log(`Interrupted: everything is stopped. Again: ${replay}`);
      campaign.killNow();
      void campaign.clear({ keep: given.keep }).finally(() => process.exit(code));
    });
  }
  process.on('exit', () => campaign.killNow());
  console.log(`SEED=${given.seed}: ${replay}`);
  const place = relative(ROOT, campaign.directory);
  try {
    const summary = await campaign.run();
    // Outlives the folder of a campaign that is proved.
    writeFileSync(join(campaign.home, 'last-summary.json'), `${JSON.stringify(summary, null, 1)}\n`);
    console.log(`\n${summaryText(summary)}\n`);
    const failed = summary.wrongs.length > 0;
    for (const wrong of summary.wrongs.slice(0, 40)) console.log(`  ${wrong}`);
    if (failed)
      console.log(
        `\nRedis logs, append-only files, logs of pods, plan and faults are in ${place}. Again: ${replay}`,
      );
    const { faults, messages, effects } = summary.totals;
    const last = failed
      ? `FAILED: ${summary.wrongs.length} things are wrong, seed ${given.seed}`
      : `PROVED: ${faults} faults, ${messages} messages, ${effects} effects, 0 lost, 0 duplicated, seed ${given.seed}`;
    console.log(styleText([failed ? 'red' : 'green', 'bold'], last));
    await campaign.clear({ keep: failed || given.keep });
    if (failed) process.exitCode = 1;
  } catch (error) {
    console.error(error);
    await campaign.clear({ keep: true });
    console.log(`FAILED: ${error instanceof Error ? error.message.split('\n')[0] : error}. Again: ${replay}`);
    process.exitCode = 1;
  }
}
