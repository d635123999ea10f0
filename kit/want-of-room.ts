const CODES: ReadonlySet<unknown> = new Set(["EAGAIN", "ENOMEM", "EMFILE", "ENFILE"]);

/** Whether a program was not begun because the host had no room for it at that moment: another try may end otherwise. */
export function isWantOfRoom(error: unknown): boolean {
  return CODES.has((error as { readonly code?: unknown }).code);
}
