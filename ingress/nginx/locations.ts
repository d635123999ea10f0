import { DEFAULT_TENANT_HEADER } from "#api/kinds/tenant-plan";

/**
 * The locations of nginx's file: `/` for requests that are just passed on, and named ones for what nginx can only
 * have per location. Lua leads a request to one of those (ingress/lua/kaji/upstream.lua, body.lua), by these names.
 * Nothing in them is of a user.
 */

/** Longer than it takes until a host counts as lost; what has waited for an answer in vain is not asked again. */
const RETRY_SECONDS = 60;

/** nginx's own limit where no annotation says another: Lua checks what is longer. */
const BODY_LIMIT = "1m";

/** MiB: as in ingress/lua/kaji/body.lua. */
const BODY_STEPS = [1, 4, 16, 64, 256, 1024, 4096, 16_384];

/** A status that nobody else uses: it only leads from nginx's first look at a request to a location. */
const TOO_LARGE = 470;

/** What the application is told of the client: of nginx itself where nobody stands in front. */
function requestHeaders(isBehindProxies: boolean): string[] {
  const [host, port, scheme] = isBehindProxies
    ? ["$kaji_forwarded_host", "$kaji_forwarded_port", "$kaji_scheme"]
    : ["$http_host", "$server_port", "$scheme"];
  return [
    "X-Request-ID $kaji_request_id",
    "X-Real-IP $remote_addr",
    "X-Forwarded-For $remote_addr",
    `X-Forwarded-Host ${host}`,
    `X-Forwarded-Port ${port}`,
    `X-Forwarded-Proto ${scheme}`,
  ];
}

const ENDED = `log_by_lua_block { kaji.finish.done() }`;
const ANSWERED = `header_filter_by_lua_block { kaji.headers.add() }`;
const NAMED = "set_by_lua_block $kaji_name { return kaji.request_id.make() }";
const ARRIVED = [ANSWERED, ENDED];

export function renderLocations(isBehindProxies: boolean): string {
  const headers = requestHeaders(isBehindProxies);
  return [
    // Bodies above the limit come here, before nginx would refuse them.
    `    if ($kaji_is_large) { return ${TOO_LARGE}; }`,
    `    error_page ${TOO_LARGE} = @kaji_large;`,
    // Also where an application's X-Accel-Redirect lets the request begin anew.
    "    recursive_error_pages on;",
    block("location /", passedOn(headers)),
    block("location @kaji_large", [
      "client_max_body_size 0;",
      ...routed("route_large"),
      ...proxy("http", "$http_host", headers),
    ]),
    ...["http", "https"].flatMap((scheme) => proxyVariants(scheme, headers)),
    grpc("grpc", headers),
    grpc("grpcs", headers),
    ...BODY_STEPS.map((mebibytes) => bodyOfUnknownLength(`${mebibytes}m`, `${mebibytes}m`)),
    bodyOfUnknownLength("any", "0"),
  ].join("\n");
}

function routed(by: "route" | "route_large"): string[] {
  return [
    "lua_check_client_abort on;",
    `access_by_lua_block { kaji.router.${by}() }`,
    ANSWERED,
    ENDED,
  ];
}

/**
 * The access phase costs a coroutine: a request has it only where there is something to do for it. Most are passed on
 * as Lua finds in the rewrite phase, without the headers of an upgrade, which leads to a location of its own.
 */
function passedOn(headers: readonly string[]): string[] {
  return [
    "set_by_lua_block $kaji_name { return kaji.router.look() }",
    'if ($http_upgrade) { set $kaji_name ""; }',
    `if ($kaji_name = "-") { ${NAMED} ${ANSWERED} ${ENDED} }`,
    `if ($kaji_name = "") { ${NAMED} ${routed("route").join(" ")} }`,
    ENDED,
    ...proxied("http"),
    ...["Host $http_host", 'Connection ""', 'Upgrade ""']
      .concat(headers)
      // Never a client's own. Plans with another header: ingress/lua/kaji/tenants.lua.
      .concat(`${DEFAULT_TENANT_HEADER} $kaji_told_tenant`)
      .map(setHeader),
  ];
}

function setHeader(header: string): string {
  return `proxy_set_header ${header};`;
}

function toldHeaders(host: string, more: readonly string[]): string[] {
  const headers = [`Host ${host}`, "Connection $kaji_connection", "Upgrade $kaji_upgrade"];
  return [...headers, ...more].map(setHeader);
}

function proxy(scheme: string, host: string, more: readonly string[]): string[] {
  return [...proxied(scheme), ...toldHeaders(host, more)];
}

function proxied(scheme: string): string[] {
  return [
    `proxy_pass ${scheme}://kaji_endpoints${scheme === "https" ? "_tls" : ""};`,
    "proxy_http_version 1.1;",
    "proxy_connect_timeout 5s;",
    "proxy_read_timeout 60s;",
    "proxy_send_timeout 60s;",
    "proxy_next_upstream error timeout;",
    `proxy_next_upstream_timeout ${RETRY_SECONDS}s;`,
  ];
}

function proxyVariants(scheme: string, headers: readonly string[]): string[] {
  const variants: string[] = [];
  for (const answers of ["", "_unbuffered"]) {
    for (const requests of ["", "_streamed"]) {
      variants.push(
        block(`location @kaji_${scheme}${answers}${requests}`, [
          ...ARRIVED,
          ...proxy(scheme, "$kaji_upstream_host", headers),
          ...(scheme === "https" ? upstreamTls("proxy") : []),
          ...["proxy_buffer_size 64k;", "proxy_buffers 4 64k;", "proxy_busy_buffers_size 128k;"],
          `client_max_body_size ${requests ? "0" : BODY_LIMIT};`,
          ...(requests ? ["proxy_request_buffering off;"] : []),
          ...(answers ? ["proxy_buffering off;"] : []),
        ]),
      );
    }
  }
  return variants;
}

function upstreamTls(module: "proxy" | "grpc"): string[] {
  return [`${module}_ssl_server_name on;`, `${module}_ssl_name $kaji_upstream_name;`];
}

function grpc(scheme: "grpc" | "grpcs", headers: readonly string[]): string {
  return block(`location @kaji_${scheme}`, [
    ...ARRIVED,
    `grpc_pass ${scheme}://kaji_endpoints_${scheme};`,
    ...["Host $kaji_upstream_host", ...headers].map((header) => `grpc_set_header ${header};`),
    ...(scheme === "grpcs" ? upstreamTls("grpc") : []),
    "grpc_connect_timeout 5s;",
    "grpc_read_timeout 60s;",
    "grpc_send_timeout 60s;",
    "grpc_next_upstream error timeout;",
    `grpc_next_upstream_timeout ${RETRY_SECONDS}s;`,
    "grpc_buffer_size 64k;",
    "client_max_body_size 0;",
  ]);
}

function bodyOfUnknownLength(name: string, limit: string): string {
  return block(`location @kaji_body_${name}`, [
    `client_max_body_size ${limit};`,
    `content_by_lua_block { kaji.router.read_body() }`,
    ENDED,
  ]);
}

function block(head: string, lines: readonly string[]): string {
  return `    ${head} {\n${lines.map((line) => `      ${line}\n`).join("")}    }`;
}
