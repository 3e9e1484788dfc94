// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../local/living-process.mjs';
import { StartedList } from '../local/started.mjs';
import { stateDirectory } from '../local/state-directory.mjs';
import { SURROUNDINGS } from './phases.mjs';
import { makePlan } from './plan.mjs';
import { OWN_PROGRAMS } from './own-programs.mjs';
import { unmountBelow } from './redis/small-disk.mjs';
import { emptyResult } from './result.mjs';
import { runPhase } from './run-phase.mjs';
import { Scene } from './scene.mjs';
import { summaryOf } from './summary.mjs';

const SCRIPT = 'chaos/main.mjs';

/** One campaign: its plan, its phases one after the other, its summary. */
export class Campaign {
  /** @type {Scene | undefined} */
  #scene;
  /** @type {import('./run-phase.mjs').PhaseResult[]} */
  results = [];

  /**
   * @param {import('./settings.mjs').ChaosSettings} settings
   * @param {(text: string) => void} say
   */
  constructor(settings, say) {
    this.settings = settings;
    this.say = say;
    this.plan = makePlan(settings);
    const home = stateDirectory('chaos');
    this.directory = join(home, `${settings.seed}${settings.recipe ? '-usual-recipe' : ''}`);
    this.started = new StartedList(join(this.directory, 'started.json'));
    this.home = home;
  }

  /** Ends and deletes what a run of the same seed left. @throws Error when it still runs */
  async prepare() {
    const owner = join(this.directory, 'owner');
    if (existsSync(owner)) {
      const pid = Number(readFileSync(owner, 'utf8'));
      if (pid !== process.pid && isRunning(pid, SCRIPT))
        throw new Error(`seed ${this.settings.seed} runs already, as process ${pid}`);
    }
    await this.started.endAll(0);
    unmountBelow(this.directory);
    rmSync(this.directory, { recursive: true, force: true });
    mkdirSync(this.directory, { recursive: true });
    writeFileSync(owner, String(process.pid));
    writeFileSync(join(this.directory, 'plan.json'), `${JSON.stringify(this.plan, null, 1)}\n`);
  }

  async run() {
    await this.prepare();
    for (const plan of this.plan.phases) {
      this.say(
        `phase ${plan.name}: ${plan.seconds} s, ${plan.injections.length + plan.specials.length} faults, ${plan.rate} messages/s`,
      );
      const result = await this.#phase(plan);
      this.results.push(result);
      for (const wrong of result.wrongs) this.say(`WRONG in ${plan.name}: ${wrong}`);
      this.#writeSummary();
    }
    return this.#writeSummary();
  }

  #writeSummary() {
    const summary = summaryOf(this.plan, this.results);
    writeFileSync(join(this.directory, 'summary.json'), `${JSON.stringify(summary, null, 1)}\n`);
    return summary;
  }

  /** @param {import('./plan.mjs').PhasePlan} plan */
  async #phase(plan) {
    const directory = join(this.directory, plan.name);
    mkdirSync(directory, { recursive: true });
    const means = {
      directory,
      plan,
      settings: this.settings,
      say: (/** @type {string} */ text) => this.say(`${plan.name}: ${text}`),
      onProcess: (/** @type {string} */ name, /** @type {number} */ pid, /** @type {string} */ marker) =>
        this.started.note({ kind: 'process', name: `${plan.name}/${name}/${pid}`, pid, marker }),
    };
    const own = OWN_PROGRAMS[plan.phase];
    try {
      if (own) return await own({ ...means, onScene: (scene) => (this.#scene = scene) });
      const surroundings = SURROUNDINGS[plan.phase];
      if (surroundings === undefined) throw new Error(`nobody knows how to play ${plan.phase}`);
      const scene = new Scene({ ...means, surroundings });
      this.#scene = scene;
      await scene.open();
      return await runPhase(scene);
    } catch (error) {
      return emptyResult(plan.name, [
        `the phase broke off: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      ]);
    } finally {
      await this.#scene?.close();
      this.#scene = undefined;
      // The next phase has its own; what ended is nobody's to end.
      await this.started.endAll(0);
      const clean = this.results.every(({ wrongs }) => wrongs.length === 0);
      if (clean && this.settings.profile === 'long' && !this.settings.keep) this.#shrink(directory);
    }
  }

  /**
   * A million messages make gigabytes of logs, of which nobody needs those of a phase that is proved.
   * @param {string} directory
   */
  #shrink(directory) {
    rmSync(join(directory, 'redis'), { recursive: true, force: true });
  }

  /** @param {{ keep: boolean }} options */
  async clear({ keep }) {
    await this.#scene?.close();
    await this.started.endAll(0);
    unmountBelow(this.directory);
    if (!keep) rmSync(this.directory, { recursive: true, force: true });
  }

  killNow() {
    this.#scene?.killNow();
  }
}
