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
}

/** A request in flight may outlive its worker's last reload or stop by this long. */
const WORKER_SHUTDOWN_SECONDS = 60;

/** Longer than it takes until a host counts as lost; what has waited for an answer in vain is not asked again. */
const RETRY_SECONDS = 60;

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
events {
  worker_connections 8192;
}
http {
  lua_package_path "${luaDir}/?.lua;;";
  lua_shared_dict kaji_routes 64m;
  lua_shared_dict kaji_backends 48m;
  lua_shared_dict kaji_certificates 32m;
  lua_shared_dict kaji_counters 16m;
  lua_shared_dict kaji_facts 64k;
  init_by_lua_block {
    require("resty.core")
    require("kaji.state").load("${settings.stateFile}")
    require("kaji.router")
    require("kaji.balancer")
    require("kaji.finish")
    require("kaji.certificates")
    require("kaji.admin")
  }
  init_worker_by_lua_block { math.randomseed(ngx.now() * 1000 + ngx.worker.pid()) }

  access_log off;
  server_tokens off;
  default_type application/octet-stream;
  client_body_temp_path ${runDir}/body;
  proxy_temp_path ${runDir}/proxy;
  fastcgi_temp_path ${runDir}/fastcgi;
  uwsgi_temp_path ${runDir}/uwsgi;
  scgi_temp_path ${runDir}/scgi;
  server_names_hash_bucket_size 128;
  keepalive_requests 100000;
  variables_hash_max_size 2048;

  map $http_upgrade $kaji_connection {
    default upgrade;
    "" "";
  }
  map $http_x_request_id $kaji_request_id {
    default $http_x_request_id;
    "" $request_id;
  }

  upstream kaji_endpoints {
    server 0.0.0.1:1;
    balancer_by_lua_block { require("kaji.balancer").choose() }
    keepalive 320;
    keepalive_timeout 50s;
    keepalive_requests 100000;
  }

  server {
    listen ${listenAddress}:${settings.httpPort} default_server reuseport backlog=4096;
    listen ${listenAddress}:${settings.httpsPort} ssl http2 default_server reuseport backlog=4096;
    server_name _;
    set $kaji_https_port "${settings.httpsPort === 443 ? "" : `:${settings.httpsPort}`}";
    ssl_certificate ${runDir}/default.crt;
    ssl_certificate_key ${runDir}/default.key;
    ssl_certificate_by_lua_block { require("kaji.certificates").choose() }
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:kaji_tls:4m;
    client_max_body_size 1m;

    location / {
      access_by_lua_block { require("kaji.router").route() }
      log_by_lua_block { require("kaji.finish").done() }
      proxy_pass http://kaji_endpoints;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection $kaji_connection;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header X-Request-ID $kaji_request_id;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_connect_timeout 5s;
      proxy_read_timeout 60s;
      proxy_send_timeout 60s;
      proxy_next_upstream error timeout;
      proxy_next_upstream_timeout ${RETRY_SECONDS}s;
    }
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
