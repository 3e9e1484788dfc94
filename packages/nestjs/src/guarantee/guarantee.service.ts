import { Injectable } from '@nestjs/common';
import { GuaranteeTooWeakError, judgeGuarantee, type GuaranteeReport } from '@onlyonce/core';
import { defaultGuaranteeOptions, type GuaranteeOptions } from '../onlyonce.options.js';
import { Runtime } from '../runtime.js';

/** Knows, and says once, which guarantee this deployment gives. */
@Injectable()
export class GuaranteeService {
  private readonly options: GuaranteeOptions;
  private judged: GuaranteeReport | undefined;

  constructor(private readonly runtime: Runtime) {
    this.options = { ...defaultGuaranteeOptions, ...runtime.options.guarantee };
    if (this.options.requireDurable) {
      runtime.publishGate.shut('durability is required, and the store has not said yet what it keeps');
    }
  }

  get requireDurable(): boolean {
    return this.options.requireDurable;
  }

  get verdictWithinMs(): number {
    return this.options.verdictWithinMs;
  }

  /** The last verdict; undefined until the store has answered. */
  get report(): GuaranteeReport | undefined {
    return this.judged;
  }

  /** Whether there is a verdict that this deployment may start with. */
  get established(): boolean {
    return this.judged !== undefined && !this.isTooWeak(this.judged);
  }

  /**
   * Tries every step with the real user, reads the facts, judges them and says the verdict in one log line.
   * @throws GuaranteeTooWeakError durability is required and this deployment can lose acknowledged messages
   * @throws StoreRefusedError a right is missing
   * @throws StoreUnavailableError the store is away
   */
  async establish(): Promise<GuaranteeReport> {
    const { backend } = this.runtime.options;
    await backend.preflight();
    const report = judgeGuarantee(await backend.readFacts(), this.options);
    this.judged = report;
    this.say(report);
    if (this.isTooWeak(report)) {
      const error = new GuaranteeTooWeakError(report.weaknesses);
      this.runtime.publishGate.shut(error.message);
      throw error;
    }
    this.runtime.publishGate.open();
    return report;
  }

  /**
   * Judges anew, since a store's settings can change and replicas go; a verdict that differs is said in one line. A
   * store that cannot be read now leaves the last verdict standing.
   */
  async recheck(): Promise<void> {
    const { backend } = this.runtime.options;
    const before = this.judged;
    if (!before || !backend.available) return;
    const facts = await backend.readFacts();
    if (facts.product === 'unknown') return;
    const report = judgeGuarantee(facts, this.options);
    this.judged = report;
    if (verdictOf(report) !== verdictOf(before)) this.say(report);
  }

  private isTooWeak({ acceptance }: GuaranteeReport): boolean {
    return this.options.requireDurable && acceptance === 'can-lose';
  }

  private say({ effects, acceptance, weaknesses, remarks, facts }: GuaranteeReport): void {
    this.runtime.telemetry.notice({
      level: acceptance === 'can-lose' ? 'warn' : 'info',
      event: 'guarantee',
      message: `effects ${effects}; accepted messages: ${acceptance}`,
      // Under a name of its own: `version` of the line is that of the service.
      fields: { effects, acceptance, weaknesses, remarks, store: facts },
    });
  }
}

function verdictOf({ acceptance, weaknesses }: GuaranteeReport): string {
  return JSON.stringify([acceptance, weaknesses]);
}
