/** The pile: nodes that are put together while a line is read, so that each finished array is made once, in its size. */
export class Pile<Node> {
  readonly #nodes: Node[] = [];
  #height = 0;

  /** Where the next node will lie. */
  get height(): number {
    return this.#height;
  }

  put(node: Node): void {
    this.#nodes[this.#height++] = node;
  }

  /** The nodes from `height` on, which are gone from the pile. */
  takeFrom(height: number): Node[] {
    const taken = this.#nodes.slice(height, this.#height);
    this.#height = height;
    return taken;
  }

  /** Before another line: what a line that could not be read left behind is gone. */
  clear(): void {
    this.#height = 0;
  }

  /** The latest of the nodes from `height` on. */
  latest(height: number): Node | undefined {
    return this.#height > height ? this.#nodes[this.#height - 1] : undefined;
  }
}
