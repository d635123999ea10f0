/**
 * Shares one read among all who ask while another is under way.
 * Invariant: the answer given was asked for after the caller asked, so it is as fresh as a read of its own.
 */
export class SharedRead<T> {
  private readonly read: () => Promise<T>;
  private underWay: Promise<unknown> = Promise.resolve();
  private next: Promise<T> | undefined;

  constructor(read: () => Promise<T>) {
    this.read = read;
  }

  ask(): Promise<T> {
    this.next ??= this.afterTheOneUnderWay();
    return this.next;
  }

  private async afterTheOneUnderWay(): Promise<T> {
    await this.underWay;
    const answer = this.read();
    // Who comes from now on is too late for this one. Its failure is for those who asked.
    this.underWay = answer.catch(() => undefined);
    this.next = undefined;
    return answer;
  }
}
