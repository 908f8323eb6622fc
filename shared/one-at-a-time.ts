/** A task that runs one at a time; a wake during a run makes it run once more. */
export class OneAtATime {
  readonly #task: () => Promise<void>;
  readonly #onFault: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #again = false;

  /** @param onFault hears what the task threw; the task then rests until the next wake */
  constructor(task: () => Promise<void>, onFault: (error: unknown) => void) {
    this.#task = task;
    this.#onFault = onFault;
  }

  wake(): void {
    this.#again = true;
    // Begins in a turn of its own: a wake from within the task must find it running.
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  /** Resolves when no run is under way and none was asked for. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#task();
      } catch (error) {
        this.#onFault(error);
        // Whatever it was, a slow scan wakes again; trying at once would spin on a full disk.
        this.#again = false;
      }
    }
    this.#running = undefined;
  }
}
