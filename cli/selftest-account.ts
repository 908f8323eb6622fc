/** The account of a self-test for people: a line for each part as it ends, and what is wrong with it. */
import type { Failure } from '../renderer/raster/conformance/conform.ts';
import type { Verdict } from '../renderer/raster/conformance/trial.ts';
import type { Standing } from '../renderer/raster/painter.ts';
import type { Timing } from '../renderer/timing/stopwatch.ts';
import { VERSION } from '../shared/version.ts';
import { describePainting } from './banner.ts';
import { count } from './print.ts';
import { describeMachine, type Findings, isOk } from './selftest-report.ts';
import { styleOf } from './style.ts';
import { tableLines } from './table.ts';

/** Failures that are told one by one; the report has the rest. */
const TOLD = 5;

const TITLE_WIDTH = 'conformance'.length;

export class Account {
  readonly #say: (line: string) => void;
  readonly #style = styleOf(process.stdout);

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  begin(): void {
    const { node, platform, cpu } = describeMachine();
    this.#say(`${this.#style.bold('gvpie selftest')} ${VERSION}, Node.js ${node}, ${platform}, ${cpu}`);
  }

  paintsOn(standing: Standing): void {
    this.#line('paints on', describePainting(standing));
  }

  verdict(title: string, { cases, dispatches, failures }: Verdict): void {
    const size = [
      ...(cases > 1 ? [count(cases, 'list')] : []),
      ...(dispatches > 0 ? [`${dispatches} ${dispatches === 1 ? 'dispatch' : 'dispatches'}`] : []),
    ].join(', ');
    if (failures.length === 0) {
      this.#line(title, `${this.#style.green('ok')}${size === '' ? '' : `  ${size}`}`);
    } else this.failures(title, failures);
  }

  failures(title: string, failures: readonly Failure[]): void {
    if (failures.length === 0) return;
    this.#line(title, `${this.#style.red('not ok')}  ${count(failures.length, 'failure')}`);
    for (const { name, words } of failures.slice(0, TOLD)) this.#say(`  ${name}: ${words}`);
    if (failures.length > TOLD) this.#say(`  and ${failures.length - TOLD} more`);
  }

  timings(timings: readonly Timing[], rounds: number): void {
    this.#line('timings', `medians of ${rounds} paints`);
    const onGpu = timings.some(({ gpu }) => gpu !== undefined);
    const right = (title: string) => ({ title, align: 'right' as const });
    const columns = [
      ...(onGpu ? [right('GPU/CPU'), right('GPU ms')] : []),
      right('CPU ms'),
      { title: 'picture' },
    ];
    const rows = timings.map(({ picture, cpu, gpu }) => [
      ...(gpu === undefined ? [] : [(gpu / cpu).toFixed(2), gpu.toFixed(2)]),
      cpu.toFixed(2),
      picture,
    ]);
    for (const line of tableLines(columns, rows, this.#style.dim)) this.#say(`  ${line}`);
  }

  /** @param out where the report is */
  end(findings: Findings, out: string | undefined): void {
    const { red, green } = this.#style;
    const { distrusted } = findings;
    if (distrusted !== undefined) {
      this.failures('probe', [{ name: distrusted.adapter, words: distrusted.difference }]);
    }
    const report = out === undefined ? '' : `; the report is in ${out}`;
    const verdict = isOk(findings)
      ? green('all is right')
      : red(
          findings.painter === undefined && distrusted === undefined
            ? 'nothing was tested'
            : 'not all is right',
        );
    this.#say(`${verdict}${report}`);
  }

  #line(title: string, words: string): void {
    this.#say(`${this.#style.dim(title.padEnd(TITLE_WIDTH))}  ${words}`);
  }
}
