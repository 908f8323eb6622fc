/** The spellings of a program's names: in lower case, one string for all places of a name, which are many. */
export class Spellings {
  readonly #names = new Map<string, string>();

  /** The name that is spelt so. */
  of(spelling: string): string {
    const known = this.#names.get(spelling);
    if (known !== undefined) return known;
    const name = spelling.toLowerCase();
    this.#names.set(spelling, name);
    return name;
  }
}
