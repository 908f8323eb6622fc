/** What can be wrong with a cartridge file, one stable code each; docs/cartridge.md lists the same. */

export const CARTRIDGE_FAULTS = {
  'CART-E001': 'not a PNG file',
  'CART-E002': 'the file ends inside a chunk',
  'CART-E003': 'a chunk does not match its CRC',
  'CART-E004': 'a chunk claims 2 GiB or more',
  'CART-E005': 'a chunk that does not belong there',
  'CART-E006': 'neither 8-bit RGBA nor a palette, or interlaced',
  'CART-E007': 'the canvas is over the limits',
  'CART-E008': 'too few pixels',
  'CART-E009': 'too many pixels',
  'CART-E010': 'the pixels cannot be decoded',
  'CART-E011': 'not a cartridge, or one without one of its texts',
  'CART-E012': 'a text of the cartridge stands twice or in the wrong kind of chunk',
  'CART-E013': 'a text of the cartridge cannot be read',
  'CART-E014': 'a record of the cartridge lacks a field or has a wrong one',
  'CART-E015': 'the cartridge contradicts itself',
  'CART-E016': 'bytes after the end of the PNG',
  'CART-E017': 'the end of the PNG is missing',
  'CART-E018':
    'the file is over the limits: its size, its number of chunks or of signatures, or what reading it takes',
  'CART-E019': 'a newer label that this version cannot read',
} as const;

export type CartridgeFaultCode = keyof typeof CARTRIDGE_FAULTS;

/** What CART-E011 says of a PNG that has no label; of one that has, it names the text that is missing beside it. */
export const NO_LABEL = 'Expected a label, the text "gvpie", found a PNG without it';

/** Controls, marks of direction, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** The file is not a whole, well-formed cartridge; reading it again will not help. */
export class CartridgeFault extends Error {
  override readonly name = 'CartridgeFault';
  readonly code: CartridgeFaultCode;

  /**
   * @param message "Expected …, found …", naming chunk and byte offset where there is one; what it quotes of a file may be
   *   anything, so what a terminal would obey or hide is replaced
   */
  constructor(code: CartridgeFaultCode, message: string) {
    super(message.replace(UNSEEN, '\uFFFD'));
    this.code = code;
  }
}
