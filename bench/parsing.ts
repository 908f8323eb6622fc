/** Parsing: the largest source there may be. */
import { parse } from '../renderer/language/parser.ts';
import { decodeSource } from '../renderer/language/source.ts';
import { LIMITS } from '../shared/limits.ts';
import { seededBetween } from '../shared/seeded.ts';
import { contest } from './contest.ts';
import type { Line } from './report.ts';
import { figuresOfTimes } from './samples.ts';
import { SEED } from './seed.ts';

export async function measureParsing(quick: boolean): Promise<Line[]> {
  const source = makeSource();
  const act = () => parse(decodeSource(source));
  const lines = act().lines.length;
  const [samples = []] = await contest([{ name: 'parse', act }], {
    warmUp: 5,
    rounds: quick ? 5 : 30,
    calls: 1,
  });
  const ours = figuresOfTimes(samples);
  return [
    { part: 'language', name: `parse ${source.length} bytes`, unit: 'ms', ours, note: `${lines} lines` },
  ];
}

/** Half rectangles, half text, up to the limit. */
function makeSource(): Uint8Array {
  const random = seededBetween(SEED);
  const lines: string[] = [];
  for (let length = 0; ; ) {
    const [x, y, w, h] = [random(-50, 2_000), random(-50, 2_000), random(0, 300), random(0, 300)];
    const line =
      lines.length % 2 === 0 ? `RECT ${x} ${y} ${w} ${h}` : `TXT ${x} ${y} Hello number ${lines.length}`;
    length += line.length + 1;
    if (length > LIMITS.sourceBytes) return Buffer.from(lines.join('\n'));
    lines.push(line);
  }
}
