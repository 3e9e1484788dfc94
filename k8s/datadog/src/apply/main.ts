// make datadog-apply. Exit code 0: done, or shown; 1: something failed; 2: the settings cannot be used.
import { apply } from './apply.ts';
import { readSettings, USAGE, type Settings } from './settings.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function settingsOrUsage(): Settings | undefined {
  if (process.argv.includes('--help')) {
    say(USAGE);
    return undefined;
  }
  try {
    return readSettings(process.env, process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

const settings = settingsOrUsage();
if (settings) {
  const { created, updated, same, failed } = await apply(settings, say);
  const would = settings.yes ? '' : 'would be ';
  say(`${created} ${would}created, ${updated} ${would}updated, ${same} as they should be, ${failed} failed`);
  if (!settings.yes && created + updated > 0) say('Nothing was changed; ARGS=--yes does it.');
  if (failed > 0) process.exitCode = 1;
}
