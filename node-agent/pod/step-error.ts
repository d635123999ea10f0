/** An action that failed in a way that users see: a waiting reason and its message. */
export class StepError extends Error {
  override name = "StepError";
  readonly reason: string;
  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
