// @ts-check
import { styleText } from 'node:util';

const ON_A_TERMINAL_MS = 250;
const ELSEWHERE_MS = 2_000;

/** One line that says where the run stands; on a terminal it is written over, elsewhere every two seconds anew. */
export class LiveLine {
  #timer;
  #began = performance.now();
  #before = { at: performance.now(), accepted: 0, settled: 0 };
  #drawn = false;

  /**
   * @param {{ write(text: string): unknown, isTTY?: boolean }} stream
   * @param {() => { total: number, sent: number, accepted: number, settled: number, inFlight: number, errors: number }} look
   */
  constructor(stream, look) {
    this.stream = stream;
    this.look = look;
    this.#timer = setInterval(() => this.#draw(), stream.isTTY ? ON_A_TERMINAL_MS : ELSEWHERE_MS);
  }

  end() {
    clearInterval(this.#timer);
    if (this.#drawn && this.stream.isTTY) this.stream.write('\r\u001b[K');
  }

  #draw() {
    const { total, sent, accepted, settled, inFlight, errors } = this.look();
    const at = performance.now();
    const seconds = (at - this.#before.at) / 1_000;
    const rate = (/** @type {'accepted' | 'settled'} */ what, /** @type {number} */ now) =>
      n(Math.max(0, (now - this.#before[what]) / seconds));
    const parts = [
      `${((at - this.#began) / 1_000).toFixed(1)} s`,
      `${n(sent)}/${n(total)} answered`,
      `${rate('accepted', accepted)} accepted/s`,
      `${rate('settled', settled)} settled/s`,
      `${n(inFlight)} in flight`,
      `${n(Math.max(0, accepted - settled))} accepted and open`,
      errors > 0 ? styleText('red', `${n(errors)} errors`) : '0 errors',
    ];
    // A rate over a quarter of a second jumps: the reference moves slowly.
    if (seconds > 1) this.#before = { at, accepted, settled };
    this.#drawn = true;
    this.stream.write(this.stream.isTTY ? `\r\u001b[K${parts.join('  ')}` : `${parts.join('  ')}\n`);
  }
}

/** @param {number} value */
const n = (value) => Math.round(value).toLocaleString('en');
