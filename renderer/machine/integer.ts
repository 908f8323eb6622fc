/**
 * Whole-number arithmetic of the machine. Everything takes and gives signed 32-bit integers (never −0) and is
 * exact: a double stands in only where a comment says why it holds every bit that matters.
 */

/**
 * a / b, truncated toward zero; −2³¹ / −1 is −2³¹.
 *
 * @param b not 0: the caller refuses a division by zero
 */
export function divide(a: number, b: number): number {
  // A quotient between two integers lies at least 1/|b| from either; rounding to a double moves it by at
  // most |a|/|b| · 2⁻⁵³ ≤ 2⁻²²/|b|, so it never reaches one.
  return (a / b) | 0;
}

/**
 * What `divide` leaves, with the sign of `a`; −2³¹ % −1 is 0.
 *
 * @param b not 0: the caller refuses a division by zero
 */
export function remainder(a: number, b: number): number {
  // The remainder of doubles is exact by its definition; | 0 turns −0 into 0.
  return (a % b) | 0;
}

/** −1, 0 or 1. */
export function sign(n: number): number {
  return n > 0 ? 1 : n >> 31;
}

/** min(max(n, low), high): where low > high, high wins. */
export function clamp(n: number, low: number, high: number): number {
  return Math.min(Math.max(n, low), high);
}

/**
 * From `a` to `b`: a + floor((b − a) · t / 65536), where b − a does not wrap.
 *
 * @param t Q16; first clamped to 0..65536, so what comes out lies between a and b
 */
export function mix(a: number, b: number, t: number): number {
  // |b − a| < 2³² and t ≤ 2¹⁶: the product is a whole number under 2⁴⁸, and dividing by 2¹⁶ is exact.
  return (a + Math.floor(((b - a) * clamp(t, 0, 65536)) / 65536)) | 0;
}

/**
 * The floor of the square root.
 *
 * @param n not negative: the caller refuses it
 */
export function squareRoot(n: number): number {
  // The standard leaves the last bits of Math.sqrt open, so it only guesses; the loops decide, exactly.
  let root = Math.floor(Math.sqrt(n));
  while (root * root > n) root--;
  while ((root + 1) * (root + 1) <= n) root++;
  return root;
}

/**
 * As squareRoot, in two thirds of the time.
 *
 * @param n 0 to 2³¹ − 1
 */
export function smallSquareRoot(n: number): number {
  // As there; the guess is at most 46,341, whose square still is a whole number of 32 bits, unsigned.
  let root = Math.sqrt(n) | 0;
  while (Math.imul(root, root) >>> 0 > n) root--;
  while (Math.imul(root + 1, root + 1) >>> 0 <= n) root++;
  return root;
}

/** The floor of √(x² + y²), exact up to its largest, 3,037,000,499; then wrapped to 32 bits. */
export function hypotenuse(x: number, y: number): number {
  const squares = x * x + y * y;
  let root = Math.floor(Math.sqrt(squares));
  // How far x² + y² lies above root². Doubles tell it to within 2¹²: three squares and a sum under 2⁶⁴ are
  // each off by at most 2¹⁰, and numbers so close are subtracted exactly. The low 32 bits are known apart,
  // and of the whole numbers within 2³¹ of the estimate only one ends in them.
  const estimate = squares - root * root;
  const low = Math.imul(x, x) + Math.imul(y, y) - Math.imul(root, root);
  let above = estimate + ((low - estimate) | 0);
  // As in squareRoot; (root + 1)² is root² + 2 · root + 1.
  while (above < 0) {
    root--;
    above += 2 * root + 1;
  }
  while (above > 2 * root) {
    above -= 2 * root + 1;
    root++;
  }
  return root | 0;
}

/** One word from four channels, each clamped to 0..255: R in the low byte, then G, B, and A in the high byte. */
export function packRgba(r: number, g: number, b: number, a: number): number {
  return clamp(r, 0, 255) | (clamp(g, 0, 255) << 8) | (clamp(b, 0, 255) << 16) | (clamp(a, 0, 255) << 24);
}
