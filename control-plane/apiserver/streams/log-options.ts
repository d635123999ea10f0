import { errors, type FieldError } from "#api/machinery/status-error";
import type { LogOptions } from "#control-plane/apiserver/node-streams";
import { isFlagSet } from "#control-plane/apiserver/streams/target";

/** Pure: the query of GET pods/NAME/log, validated as PodLogOptions. */
export function parseLogOptions(
  query: URLSearchParams,
  podName: string,
  nowMs: number,
): LogOptions {
  const problems: FieldError[] = [];
  const tailLines = parseInteger(query, "tailLines", 0, problems);
  const limitBytes = parseInteger(query, "limitBytes", 1, problems);
  const sinceSeconds = parseInteger(query, "sinceSeconds", 1, problems);
  const sinceTime = query.get("sinceTime") ?? undefined;
  if (sinceTime !== undefined && sinceSeconds !== undefined) {
    const message = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified";
    problems.push({ reason: "FieldValueForbidden", field: "sinceSeconds", message });
  }
  if (sinceTime !== undefined && Number.isNaN(Date.parse(sinceTime))) {
    throw errors.badRequest(`parsing time ${JSON.stringify(sinceTime)}: it must be RFC 3339`);
  }
  if (problems.length > 0) {
    throw errors.invalid({ group: "", kind: "PodLogOptions" }, podName, problems);
  }
  const since =
    sinceSeconds === undefined ? sinceTime : new Date(nowMs - sinceSeconds * 1000).toISOString();
  return {
    follow: isFlagSet(query, "follow"),
    previous: isFlagSet(query, "previous"),
    timestamps: isFlagSet(query, "timestamps"),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(since === undefined ? {} : { sinceTime: since }),
  };
}

function parseInteger(
  query: URLSearchParams,
  field: string,
  minimum: 0 | 1,
  problems: FieldError[],
): number | undefined {
  const text = query.get(field);
  if (text === null || text === "") return undefined;
  if (!/^[+-]?\d{1,18}$/.test(text)) {
    throw errors.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const value = Number(text);
  if (value >= minimum) return value;
  const rule = minimum === 0 ? "greater than or equal to 0" : "greater than 0";
  const message = `Invalid value: ${value}: must be ${rule}`;
  problems.push({ reason: "FieldValueInvalid", field, message });
  return undefined;
}
