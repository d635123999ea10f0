import { ApiRefusal } from "#dashboard/model/api-request";

/** Rights come and go: who was refused asks again, at once and then ever more seldom. */
const WAITS_MS = [2_000, 15_000, 30_000, 60_000] as const;

/** The server does not know the viewer (any more), or the viewer may not. */
export function isRefused(error: unknown): error is ApiRefusal {
  return error instanceof ApiRefusal && (error.code === 401 || error.code === 403);
}

/** `refusals`: how many there were one after the other, from 1. */
export function waitAfterRefusal(refusals: number): number {
  return WAITS_MS[Math.min(refusals, WAITS_MS.length) - 1] ?? WAITS_MS[0];
}

export function refusedSentence({ message }: ApiRefusal): string {
  return `${message} (asked again once a minute)`;
}
