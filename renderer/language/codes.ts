/** Every code that the language and the machine can give, each with what it stands for. Codes are never reused. */
export const CODES = {
  'PXL-E001': 'the source is not UTF-8',
  'PXL-E002': 'the source is too large',
  'PXL-E003': 'an operand is not a whole decimal number',
  'PXL-E004': 'a number lies outside 32 bits',
  'PXL-E005': 'a number is smaller than its operand allows',
  'PXL-E006': 'a line begins with something other than an opcode',
  'PXL-E007': 'an operand is missing',
  'PXL-E008': 'something follows the last operand',
  'PXL-E009': 'a comma stands where an operand belongs',
  'PXL-E010': 'a TXT has no text',
  'PXL-E011': 'the text of a TXT is too long',
  'PXL-E012': 'the run takes too many steps',
  'PXL-E013': 'the run draws too many shapes',
  'PXL-E014': 'the run writes too many pixels',
  'PXL-E033': 'a command sets a PARAM that is not there, or out of its range',
  'PXL-W001': 'a character has no glyph and is drawn as a box',
  'PXL-W002': 'there are more warnings than are listed',
} as const;

/** `PXL-E…` refuses a program; `PXL-W…` only warns. */
export type Code = keyof typeof CODES;
