/**
 * nginx's variables, each computed only where it is used. Those that Lua sets for a request begin as maps of nothing:
 * where no Ingress asks for them they cost nothing.
 */
export interface VariableSettings {
  readonly httpsPort: number;
  /** Ranges of proxies in front whose X-Forwarded-* are believed; nobody else's are. */
  readonly trustedProxies?: readonly string[];
}

export function renderVariables({ httpsPort, trustedProxies = [] }: VariableSettings): string {
  return [
    // HTTP/2 by upgrade would be a tunnel to the application, past what its paths ask of each request.
    map("$http_upgrade $kaji_upgrade", ["default $http_upgrade", '"" ""', '~*h2c ""']),
    map("$kaji_upgrade $kaji_connection", ["default upgrade", '"" ""']),
    // Lua gives most requests a name that costs less (ingress/lua/kaji/request_id.lua).
    constant("$kaji_name", "$request_id"),
    map("$http_x_request_id $kaji_request_id", ["default $http_x_request_id", '"" $kaji_name']),
    constant("$kaji_told_tenant", '""'),
    // From a million bytes on Lua decides, below that nginx' own limit does.
    map("$content_length $kaji_is_large", ['"" ""', 'default ""', '"~^[0-9]{7,}$" 1']),
    constant("$kaji_https_port", httpsPort === 443 ? '""' : `":${httpsPort}"`),
    constant("$kaji_upstream_host", "$http_host"),
    constant("$kaji_upstream_name", "$host"),
    ...["pod", "backend", "version", "ingress", "tenant"].map((name) =>
      constant(`$kaji_${name}`, '""'),
    ),
    ...(trustedProxies.length > 0
      ? behindProxies(trustedProxies)
      : [constant("$kaji_scheme", "$scheme")]),
  ].join("\n");
}

function behindProxies(ranges: readonly string[]): string[] {
  const said = (header: string, name: string, fallback: string, accepted: string): string =>
    map(`"$kaji_is_trusted:$http_x_forwarded_${header}" ${name}`, [
      `default ${fallback}`,
      `"~^1:(?<kaji_said_${header}>${accepted})$" $kaji_said_${header}`,
    ]);
  return [
    ...ranges.map((range) => `  set_real_ip_from ${range};`),
    "  real_ip_header X-Forwarded-For;",
    "  real_ip_recursive on;",
    `  geo $realip_remote_addr $kaji_is_trusted {\n    default 0;\n${ranges
      .map((range) => `    ${range} 1;\n`)
      .join("")}  }`,
    said("proto", "$kaji_scheme", "$scheme", "https?"),
    said("host", "$kaji_forwarded_host", "$http_host", "[A-Za-z0-9._:-]+"),
    said("port", "$kaji_forwarded_port", "$server_port", "[0-9]+"),
  ];
}

function constant(name: string, value: string): string {
  return map(`"" ${name}`, [`default ${value}`]);
}

function map(head: string, lines: readonly string[]): string {
  return `  map ${head} {\n${lines.map((line) => `    ${line};\n`).join("")}  }`;
}
