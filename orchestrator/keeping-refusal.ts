/** A refusal to back up or to restore: what a person named does not do, and nothing was touched. */
export class KeepingRefusal extends Error {
  override readonly name = 'KeepingRefusal';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
