/** Which nodes changed, in order. Bounded: of the last LIMIT changes it can tell, of what was before it cannot. */
const LIMIT = 32_768;

export class ChangeLog {
  private readonly ring = new Int32Array(LIMIT);
  private count = 0;

  get moment(): number {
    return this.count;
  }

  add(index: number): void {
    this.ring[this.count++ % LIMIT] = index;
  }

  /** Without repetitions; undefined: there were too many changes since. */
  since(moment: number): readonly number[] | undefined {
    if (this.count - moment > LIMIT) return undefined;
    if (this.count === moment) return [];
    const found = new Set<number>();
    for (let at = moment; at < this.count; at++) found.add(this.ring[at % LIMIT] as number);
    return [...found];
  }
}
