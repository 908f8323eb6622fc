/** How a comparison with an older run is told. */
import { type Change, type Comparison, RULE } from './compare.ts';
import { round } from './report.ts';

const SIGNS: Readonly<Record<Change['kind'], string>> = { regression: 'WORSE', better: 'better', same: '' };

/** Regressions first, then what is better, then targets that were lost within the noise. @param isQuick either run */
export function tellComparison({ changes, gone, added, elsewhere }: Comparison, isQuick: boolean): string {
  const of = (kind: Change['kind']) => changes.filter((change) => change.kind === kind);
  const lost = of('same').filter((change) => change.lost);
  const told = [...of('regression'), ...of('better'), ...lost];
  return [
    `Compared with the older run: ${RULE}.`,
    ...(elsewhere === undefined ? [] : [elsewhere]),
    ...(isQuick ? ['One of them was --quick: a few samples say little.'] : []),
    ...told.map(lineOf),
    ...gone.map((name) => `  no longer measured  ${name}`),
    ...added.map((name) => `  new                 ${name}`),
    `${of('regression').length} worse, ${of('better').length} better, ${of('same').length} the same`,
  ].join('\n');
}

function lineOf({ kind, name, of, old, now, factor, lost }: Change): string {
  const times = factor >= 1 ? `${round(factor)} × worse` : `${round(1 / factor)} × better`;
  const words = lost ? '; its target is missed now' : '';
  return `  ${SIGNS[kind].padEnd(6)}  ${times}  ${name}: ${of} ${round(old)} → ${round(now)}${words}`;
}
