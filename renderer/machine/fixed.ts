/** Fixed-point arithmetic of the machine: Q16 numbers, of which 65536 is one. All take and give signed 32-bit integers. */

/** floor(a · b / 65536), wrapped to 32 bits. */
export function qmul(a: number, b: number): number {
  // With b in halves the quotient is a · high + floor(a · low / 65536), and with a in halves the latter is
  // aHigh · low + floor(aLow · low / 65536), whose product fits 32 bits. Wrapping comes last, or at each sum: all the same.
  const low = b & 65535;
  return (Math.imul(a, b >> 16) + Math.imul(a >> 16, low) + (Math.imul(a & 65535, low) >>> 16)) | 0;
}

/**
 * a · 65536 / b, truncated toward zero and wrapped to 32 bits.
 *
 * @param b not 0: the caller refuses a division by zero; it would give 0
 */
export function qdiv(a: number, b: number): number {
  // The dividend is exact. A quotient that is not whole lies at least 1/|b| from the next whole number, and rounding
  // moves it by at most 2⁴⁷/|b| · 2⁻⁵³: it never reaches one.
  return ((a * 65536) / b) | 0;
}
