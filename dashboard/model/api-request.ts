import { sessionToken } from "#dashboard/model/session";

/** A refusal of the API server: its own sentence, and the code that it came with. */
export class ApiRefusal extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

export interface RequestOptions {
  readonly method?: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Says "ended" when the server takes the viewer for nobody (any more). */
export const sessionEnd = new EventTarget();
const UNAUTHORIZED = 401;

/** Throws ApiRefusal for an answer that is none, TypeError when the server cannot be reached. */
export async function apiFetch(path: string, options: RequestOptions = {}): Promise<Response> {
  const token = sessionToken();
  const headers: Record<string, string> = { accept: options.accept ?? "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  if (options.contentType) headers["content-type"] = options.contentType;
  const response = await fetch(path, {
    method: options.method ?? "GET",
    headers,
    ...(options.body === undefined ? {} : { body: options.body }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (response.ok) return response;
  const refusal = await refusalOf(response);
  if (refusal.code === UNAUTHORIZED) sessionEnd.dispatchEvent(new Event("ended"));
  throw refusal;
}

export async function apiJson<T>(path: string, options?: RequestOptions): Promise<T> {
  return (await (await apiFetch(path, options)).json()) as T;
}

async function refusalOf(response: Response): Promise<ApiRefusal> {
  const text = await response.text();
  try {
    const { message, reason } = JSON.parse(text) as { message?: string; reason?: string };
    if (message) return new ApiRefusal(response.status, reason ?? "", message);
  } catch {
    // Not a Status: said as it came.
  }
  return new ApiRefusal(response.status, "", text.slice(0, 300) || response.statusText);
}

/** One sentence for people. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiRefusal) return error.message;
  if (error instanceof TypeError) return "the API server cannot be reached; trying again";
  return error instanceof Error ? error.message : String(error);
}
