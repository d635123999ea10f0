import { errors } from "#api/machinery/status-error";
import type { ApiRequest, UserInfo } from "#client/transport";
import type { WriteOptions } from "#control-plane/apiserver/rest/context";

const FIELD_VALIDATION = ["Strict", "Warn", "Ignore"] as const;
const FIELD_MANAGER_LIMIT = 128;

export function writeOptionsOf(
  request: ApiRequest,
  user: UserInfo,
  inBody: { dryRun?: string[] | undefined } = {},
): WriteOptions {
  const { query } = request;
  const dryRun = [...query.getAll("dryRun"), ...(inBody.dryRun ?? [])];
  if (dryRun.some((value) => value !== "All")) {
    throw errors.badRequest(
      `invalid dry run value: [${dryRun.join(" ")}]: Unsupported value: supported values: "All"`,
    );
  }
  const validation = query.get("fieldValidation") || "Warn";
  const fieldValidation = FIELD_VALIDATION.find((known) => known === validation);
  if (!fieldValidation) {
    throw errors.badRequest(
      `fieldValidation: Unsupported value: "${validation}": supported values: "Ignore", "Strict", "Warn"`,
    );
  }
  const fieldManager = query.get("fieldManager") || managerOf(request.userAgent);
  if (fieldManager.length > FIELD_MANAGER_LIMIT) {
    throw errors.badRequest(
      `fieldManager: Too long: may not be more than ${FIELD_MANAGER_LIMIT} bytes`,
    );
  }
  return { isDryRun: dryRun.length > 0, fieldManager, fieldValidation, user, warnings: [] };
}

/** "kubectl" of "kubectl/v1.32.0 (linux/amd64) ...". */
function managerOf(userAgent: string | undefined): string {
  return userAgent?.split("/")[0]?.slice(0, FIELD_MANAGER_LIMIT) || "unknown";
}

/** A whole number from the query; 400 when it is something else. */
export function integerOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw errors.badRequest(`${name}: Invalid value: "${text}": must be a whole number`);
  }
  return Number(text);
}

export function booleanOf(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text === "true" || text === "1" || text === "";
}

/** The revision that a resourceVersion means: undefined for the newest, 0 for any. */
export function revisionOf(resourceVersion: string | null | undefined): number | undefined {
  if (!resourceVersion) return undefined;
  if (!/^\d{1,15}$/.test(resourceVersion)) {
    throw errors.badRequest(
      `resourceVersion: Invalid value: "${resourceVersion}": must be a whole number`,
    );
  }
  return Number(resourceVersion);
}
