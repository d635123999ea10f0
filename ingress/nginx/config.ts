import { renderAccessLog } from "#ingress/nginx/access-log";
import { renderLocations } from "#ingress/nginx/locations";
import { renderVariables } from "#ingress/nginx/variables";

/**
 * nginx's own file: rendered once per start from settings alone. Hosts, paths, endpoints and certificates are
 * not in it (they are entries of shared dictionaries), so it does not grow and a swap never reloads.
 */
export interface NginxSettings {
  readonly runDir: string;
  readonly logDir: string;
  /** Folder above kaji/*.lua. */
  readonly luaDir: string;
  readonly stateFile: string;
  readonly address: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly workers: number;
  readonly modulesDir: string;
  readonly trustedProxies?: readonly string[];
  /** Whether requests are logged, as JSON (ingress/nginx/access-log.ts). */
  readonly hasAccessLog?: boolean;
}

/** A request in flight may outlive its worker's last reload or stop by this long. */
const WORKER_SHUTDOWN_SECONDS = 60;

/** How many steps a path that is a regular expression may take, so that nobody's can hold a worker. */
const MATCH_LIMIT = 20_000;

/** One set of kept connections each: a connection speaks one protocol for life. */
const UPSTREAMS = [
  "kaji_endpoints",
  "kaji_endpoints_tls",
  "kaji_endpoints_grpc",
  "kaji_endpoints_grpcs",
];

/** The log of tenants' hosts (ingress/tenants/host-log.ts), beside the file of everything else. */
export function tenantsFileOf({ stateFile }: Pick<NginxSettings, "stateFile">): string {
  return `${stateFile}.tenants`;
}

export function renderNginxConfig(settings: NginxSettings): string {
  const { runDir, logDir, luaDir, address } = settings;
  const listenAddress = address.includes(":") ? `[${address}]` : address;
  return `# Written by kaji ingress at every start. Changes here are lost.
load_module ${settings.modulesDir}/ndk_http_module.so;
load_module ${settings.modulesDir}/ngx_http_lua_module.so;
user root;
worker_processes ${settings.workers};
worker_shutdown_timeout ${WORKER_SHUTDOWN_SECONDS}s;
pid ${runDir}/nginx.pid;
error_log ${logDir}/nginx-error.log warn;
pcre_jit on;
thread_pool kaji_passwords threads=1 max_queue=32;
events {
  worker_connections 8192;
}
http {
  lua_package_path "${luaDir}/?.lua;;";
  lua_shared_dict kaji_routes 64m;
  lua_shared_dict kaji_backends 48m;
  lua_shared_dict kaji_certificates 32m;
  lua_shared_dict kaji_tenants 256m;
  lua_shared_dict kaji_counters 16m;
  lua_shared_dict kaji_traffic 16m;
  lua_shared_dict kaji_limits 16m;
  lua_shared_dict kaji_metrics 16m;
  lua_shared_dict kaji_facts 64k;
  lua_regex_match_limit ${MATCH_LIMIT};
  lua_regex_cache_max_entries 8192;
  lua_socket_log_errors off;
  lua_max_running_timers 1024;
  lua_max_pending_timers 4096;
  init_by_lua_block {
    require("resty.core")
    require("kaji.version").open("${runDir}/version")
    require("kaji.state").load("${settings.stateFile}")
    require("kaji.tenants").load("${tenantsFileOf(settings)}")
    -- What each request calls is called by a global name: require() is a call that LuaJIT does not compile.
    kaji = {
      router = require("kaji.router"),
      balancer = require("kaji.balancer"),
      finish = require("kaji.finish"),
      headers = require("kaji.headers"),
      request_id = require("kaji.request_id"),
    }
    require("kaji.access_log").is_on = ${settings.hasAccessLog ?? false}
    require("kaji.certificates")
    require("kaji.admin")
  }
  init_worker_by_lua_block {
    math.randomseed(ngx.now() * 1000 + ngx.worker.pid())
    require("kaji.hold").begin()
    require("kaji.request_id").begin()
  }

${settings.hasAccessLog ? renderAccessLog(logDir) : "  access_log off;"}
  server_tokens off;
  # Lua and variables need more than nginx' own 4k, and a second piece costs more than a larger one.
  request_pool_size 8k;
  default_type application/octet-stream;
  client_body_temp_path ${runDir}/body;
  proxy_temp_path ${runDir}/proxy;
  fastcgi_temp_path ${runDir}/fastcgi;
  uwsgi_temp_path ${runDir}/uwsgi;
  scgi_temp_path ${runDir}/scgi;
  server_names_hash_bucket_size 128;
  keepalive_requests 100000;
  variables_hash_max_size 2048;

${renderVariables(settings)}

${UPSTREAMS.map(renderUpstream).join("\n")}

  server {
    listen ${listenAddress}:${settings.httpPort} default_server reuseport backlog=4096;
    listen ${listenAddress}:${settings.httpsPort} ssl http2 default_server reuseport backlog=4096;
    server_name _;
    ssl_certificate ${runDir}/default.crt;
    ssl_certificate_key ${runDir}/default.key;
    ssl_certificate_by_lua_block { require("kaji.certificates").choose() }
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:kaji_tls:4m;
    client_max_body_size 1m;
${renderLocations((settings.trustedProxies?.length ?? 0) > 0)}
  }

  server {
    listen unix:${runDir}/admin.sock;
    client_max_body_size 64m;
    client_body_buffer_size 4m;
    location / {
      lua_check_client_abort on;
      content_by_lua_block { require("kaji.admin").serve() }
    }
  }
}
`;
}

function renderUpstream(name: string): string {
  return `  upstream ${name} {
    server 0.0.0.1:1;
    balancer_by_lua_block { kaji.balancer.choose() }
    keepalive 320;
    keepalive_timeout 50s;
    keepalive_requests 100000;
  }`;
}
