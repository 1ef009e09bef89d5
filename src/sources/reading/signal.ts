/** Lets one wait until another has something for it. */
export class Signal {
  #wake: (() => void) | undefined;

  wake(): void {
    this.#wake?.();
  }

  /** Until the next `wake`. Whoever waits looks first whether there is something already. */
  async wait(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}
