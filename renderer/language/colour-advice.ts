/** Advice for lines that give a colour an alpha, or two of them a way, as other languages would. */
import { colourNamed, colourOfDigits } from './colours.ts';

/** For a COLOR of a colour and one number more, which is most likely its alpha. Empty for others. */
export function alphaAdvice(opcode: string, line: string): string {
  if (opcode !== 'COLOR') return '';
  const [, word = '', digits] =
    /^[ \t]*COLOR[ \t]+([A-Za-z]+|#[0-9A-Fa-f]+)[ \t,]+(\d{1,3})[ \t\r]*$/i.exec(line) ?? [];
  const color = word.startsWith('#') ? colourOfDigits(word.slice(1)) : colourNamed(word.toLowerCase());
  const alpha = Number(digits);
  if (color === undefined || !(alpha <= 255)) return '';
  const bytes = [color, color >> 8, color >> 16, alpha].map((byte) =>
    (byte & 255).toString(16).padStart(2, '0'),
  );
  return `${word} with alpha ${alpha} is #${bytes.join('')}`;
}

/** For a word that stands where GRAD has its way. Empty for others. */
export function wayAdvice(words: readonly string[], word: string): string {
  if (!words.includes('ACROSS')) return '';
  if (/^(?:right|left|horizontal|h|x)$/i.test(word)) return 'ACROSS goes from left to right';
  return /^(?:bottom|up|top|vertical|v|y)$/i.test(word) ? 'DOWN goes from top to bottom' : '';
}
