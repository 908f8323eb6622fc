/** An index of files by checksum: each is looked at once, in its order, and no sooner than somebody asks. */
export class FileIndex {
  readonly #files: readonly string[];
  readonly #checksumOf: (file: string) => string | undefined;
  readonly #found = new Map<string, string[]>();
  /** How many have been looked at. */
  #seen = 0;

  /** @param checksumOf looks at a file; what it throws is thrown to whoever asked, and at the next question again */
  constructor(files: readonly string[], checksumOf: (file: string) => string | undefined) {
    this.#files = files;
    this.#checksumOf = checksumOf;
  }

  /** The files of a checksum, in their order; looks no further than to the last that is taken. */
  *of(checksum: string): Generator<string> {
    for (let taken = 0; ; taken++) {
      let file = this.#found.get(checksum)?.[taken];
      while (file === undefined && this.#seen < this.#files.length) {
        this.#look();
        file = this.#found.get(checksum)?.[taken];
      }
      if (file === undefined) return;
      yield file;
    }
  }

  #look(): void {
    const file = this.#files[this.#seen] as string;
    const checksum = this.#checksumOf(file);
    this.#seen++;
    if (checksum === undefined) return;
    const files = this.#found.get(checksum);
    if (files === undefined) this.#found.set(checksum, [file]);
    else files.push(file);
  }
}
