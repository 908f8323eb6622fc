/** The crowd: shapes of many kinds over a large canvas, as a program. */

/** Rectangles, texts and discs over a large canvas, other ones for each number. */
export function crowd(number: number): string {
  return [
    `SEED ${number}`,
    'FOR i 1 1000',
    '  COLOR rgba(rnd(256), rnd(256), rnd(256), 128+rnd(128))',
    '  RECT rnd(width) rnd(height) rnd(400) rnd(400)',
    '  DISC rnd(width) rnd(height) rnd(200)',
    '  NUM rnd(width) rnd(height) i',
    'END',
  ].join('\n');
}
