/** The images of a program: their sizes, and whether they are too large or contradict one another. */
import { LIMITS } from '../../shared/limits.ts';
import type { ChecksumNode, Image, NameNode, NumberNode, Statement } from './ast.ts';
import type { NameFaults } from './name-faults.ts';

/** Reads the IMAGEs among the statements of a program. */
export function readImages(statements: readonly Statement[], faults: NameFaults): Image[] {
  const images: Image[] = [];
  const known = new Map<string, Image>();
  let pixels = 0;
  for (const { opcode, line, operands } of statements) {
    if (opcode !== 'IMAGE') continue;
    const [node, w, h, { digits }] = operands as [NameNode, NumberNode, NumberNode, ChecksumNode];
    const image = { name: node.name, line, width: w.value, height: h.value, checksum: digits };
    images.push(image);
    faults.line = line;
    const same = known.get(digits);
    if (same === undefined) known.set(digits, image);
    else if (same.width !== w.value || same.height !== h.value) {
      const message = `Expected ${same.width}×${same.height} as the IMAGE of line ${same.line} says of this checksum, found ${w.value}×${h.value}`;
      faults.say(node, 'PXL-E039', message, 'one checksum is of one canvas');
    }
    const before = pixels;
    pixels += w.value * h.value;
    if (before > LIMITS.imagePixels || pixels <= LIMITS.imagePixels) continue;
    const message = `Expected IMAGEs of at most ${LIMITS.imagePixels} pixels together, found ${pixels} up to this one`;
    faults.say(node, 'PXL-E039', message, 'use fewer images, or smaller ones');
  }
  return images;
}
