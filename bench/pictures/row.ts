/** The picture of a row, as a program and as the marks of a scene: another one for each row. */
import { WHITE } from '../../renderer/display/list.ts';
import { DEFAULT_CANVAS } from '../../shared/canvas.ts';
import type { Scene } from './scene.ts';

export function rowProgram(round: string, row: number): string {
  const { text, w, h } = sizesOf(round, row);
  return `TXT 10 10 ${text}\nRECT 10 20 ${w} ${h}\nHALT`;
}

export function rowScene(round: string, row: number): Scene {
  const { text, w, h } = sizesOf(round, row);
  return {
    canvas: DEFAULT_CANVAS,
    marks: [
      { kind: 'text', x: 10, y: 10, text, color: WHITE },
      { kind: 'rect', x: 10, y: 20, w, h, color: WHITE },
    ],
    likeness: { step: 0, share: 0 },
  };
}

function sizesOf(round: string, row: number): { text: string; w: number; h: number } {
  return { text: `${round} ${row}`, w: 1 + (row % 100), h: 1 + (row % 40) };
}
