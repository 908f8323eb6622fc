/** The profiler's door: what this process spends its time on while something is done. */
import { Session } from 'node:inspector/promises';
import { type CpuProfile, type Share, sharesOf } from './profile.ts';

/** Between two samples, µs. */
const INTERVAL_MICROS = 200;

/** Samples this process from `begin` to `end`, one stretch at a time. */
export class Profiler {
  readonly #session = new Session();

  async begin(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.setSamplingInterval', { interval: INTERVAL_MICROS });
    await this.#session.post('Profiler.start');
  }

  async end(): Promise<Share[]> {
    const { profile } = await this.#session.post('Profiler.stop');
    this.#session.disconnect();
    return sharesOf(profile as CpuProfile);
  }
}
