/** Likeness: whether another painter drew the same, where its edges and its mixing are allowed to be its own. */
import type { Likeness } from './scene.ts';

/** The largest step of a channel, and the share of pixels with a step above `allowed`. */
export function unlikenessOf(
  expected: Uint8Array,
  found: Uint8Array,
  allowed: number,
): { readonly step: number; readonly share: number } {
  let step = 0;
  let unlike = 0;
  for (let pixel = 0; pixel < expected.length; pixel += 4) {
    let worst = 0;
    for (let at = pixel; at < pixel + 4; at++) {
      worst = Math.max(worst, Math.abs((expected[at] as number) - (found[at] as number)));
    }
    step = Math.max(step, worst);
    if (worst > allowed) unlike++;
  }
  return { step, share: unlike / (expected.length / 4) };
}

/** What is wrong with a picture that should be like ours, or undefined. */
export function likenessComplaint(
  expected: Uint8Array,
  found: Uint8Array,
  { step, share }: Likeness,
): string | undefined {
  if (expected.length !== found.length) return `Expected ${expected.length} bytes, found ${found.length}`;
  const unlike = unlikenessOf(expected, found, step);
  if (unlike.share <= share) return undefined;
  const percent = (value: number) => `${(value * 100).toFixed(3)} %`;
  return (
    `Expected at most ${percent(share)} of the pixels to differ by more than ${step}, ` +
    `found ${percent(unlike.share)}, by up to ${unlike.step}`
  );
}
