/**
 * The access log: an object of JSON a line, by nginx itself. Queries are not in it: they are where secrets stand.
 * Lua sets what nginx does not know (ingress/lua/kaji/access_log.lua).
 */
export const ACCESS_LOG_FILE = "ingress-access.log";

const numbers = {
  status: "$status",
  bytes_sent: "$bytes_sent",
  request_length: "$request_length",
  request_time: "$request_time",
};

const texts = {
  time: "$time_iso8601",
  remote_addr: "$remote_addr",
  method: "$request_method",
  scheme: "$kaji_scheme",
  host: "$host",
  path: "$uri",
  protocol: "$server_protocol",
  pod: "$kaji_pod",
  backend: "$kaji_backend",
  version: "$kaji_version",
  ingress: "$kaji_ingress",
  tenant: "$kaji_tenant",
  upstream_addr: "$upstream_addr",
  upstream_status: "$upstream_status",
  upstream_response_time: "$upstream_response_time",
  request_id: "$kaji_request_id",
  user_agent: "$http_user_agent",
  referer: "$http_referer",
};

export function renderAccessLog(logDir: string): string {
  const fields = [
    ...Object.entries(texts).map(([name, value]) => `"${name}":"${value}"`),
    ...Object.entries(numbers).map(([name, value]) => `"${name}":${value}`),
  ];
  return `  log_format kaji_json escape=json '{${fields.join(",")}}';
  access_log ${logDir}/${ACCESS_LOG_FILE} kaji_json buffer=64k flush=1s;`;
}
