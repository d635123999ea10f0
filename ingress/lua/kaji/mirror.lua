-- Copies requests to a version that is tried out, and throws its answers away. A copy is sent after the request has
-- been answered: nobody waits for it, and it never changes what the client gets.
-- Copied are GET and HEAD without a body: what writes would be done twice.
-- Invariant: a copy is counted in flight at its endpoint, like any request: a drain waits for it.
local backends = require("kaji.backends")
local counts = require("kaji.counts")
local state = require("kaji.state")
local mirror = {}

local MAX_RUNNING = 64
local MAX_ANSWER_BYTES = 64 * 1024 * 1024
local CONNECT_TIMEOUT_MS, READ_TIMEOUT_MS = 5000, 60000
-- Of one connection, or said anew.
local NOT_COPIED = {
  ["connection"] = true,
  ["content-length"] = true,
  ["expect"] = true,
  ["host"] = true,
  ["keep-alive"] = true,
  ["te"] = true,
  ["transfer-encoding"] = true,
  ["upgrade"] = true,
  ["x-forwarded-for"] = true,
  ["x-forwarded-host"] = true,
  ["x-forwarded-port"] = true,
  ["x-forwarded-proto"] = true,
  ["x-real-ip"] = true,
}
local running = 0

local function is_copied()
  local method = ngx.req.get_method()
  local has_body = (tonumber(ngx.var.http_content_length) or 0) > 0 or ngx.var.http_transfer_encoding
  return (method == "GET" or method == "HEAD") and not has_body and not ngx.var.http_upgrade
end

-- As nginx passes it on: as the client wrote it, unless it was rewritten.
local function target()
  local path = ngx.var.request_uri:match("^[^?]*")
  if ngx.unescape_uri((path:gsub("+", "%%2B"))) == ngx.var.uri then
    return ngx.var.request_uri
  end
  local escaped = ngx.var.uri:gsub("[^/]+", ngx.escape_uri)
  return escaped .. (ngx.var.args and "?" .. ngx.var.args or "")
end

local function compose()
  local lines = { ngx.req.get_method() .. " " .. target() .. " HTTP/1.1", "Host: " .. (ngx.var.http_host or "") }
  for name, value in pairs(ngx.req.get_headers(200, true)) do
    if not NOT_COPIED[name:lower()] then
      for _, one in ipairs(type(value) == "table" and value or { value }) do
        lines[#lines + 1] = name .. ": " .. tostring(one)
      end
    end
  end
  lines[#lines + 1] = "X-Forwarded-For: " .. ngx.var.remote_addr
  lines[#lines + 1] = "X-Real-IP: " .. ngx.var.remote_addr
  lines[#lines + 1] = "X-Forwarded-Proto: " .. ngx.var.kaji_scheme
  lines[#lines + 1] = "X-Kaji-Copy: true"
  lines[#lines + 1] = "Connection: close"
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

-- The status of the answer, once it is read to its end; 502: there was none.
local function ask(endpoint, text)
  local socket = ngx.socket.tcp()
  socket:settimeouts(CONNECT_TIMEOUT_MS, READ_TIMEOUT_MS, READ_TIMEOUT_MS)
  if not socket:connect(endpoint.host, endpoint.port) or not socket:send(text) then
    return 502
  end
  local line = socket:receive("*l")
  local status = line and tonumber(line:match("^HTTP/1%.%d (%d%d%d)")) or 502
  local bytes = 0
  while line and bytes < MAX_ANSWER_BYTES do
    local chunk, _, rest = socket:receive(65536)
    if not chunk then
      bytes = bytes + #(rest or "")
      break
    end
    bytes = bytes + #chunk
  end
  socket:close()
  return status
end

local function send(premature, key, raw, endpoint, text)
  local counters, name = state.counters(), endpoint.address .. "|" .. ngx.worker.pid()
  counters:incr(name, 1, 0)
  -- Unpublished meanwhile: its drain may be over.
  if not premature and ngx.shared.kaji_backends:get(key) == raw then
    local began = ngx.now()
    local ok, status = pcall(ask, endpoint, text)
    ngx.update_time()
    local ms = math.max(0, math.floor((ngx.now() - began) * 1000))
    counts.add_by_version(key, endpoint.version, ms, not ok or status >= 500)
  end
  counters:incr(name, -1, 0)
  running = running - 1
end

-- In the log phase of a request. Copies beyond what this worker can have under way are left out.
function mirror.copy(context)
  local list = context.backend and context.gauge and backends.get(context.backend)
  local copies = list and list.mirror
  if not copies or running >= MAX_RUNNING or not is_copied() then
    return
  end
  copies.due = copies.due + copies.percent
  if copies.due < 100 then
    return
  end
  copies.due = copies.due - 100
  running = running + 1
  local endpoint = copies[math.random(#copies)]
  if not ngx.timer.at(0, send, context.backend, list.raw, endpoint, compose()) then
    running = running - 1
  end
end

return mirror
