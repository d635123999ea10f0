-- The unix socket through which Kaji's ingress process changes and reads nginx. Only root can open it.
local backends = require("kaji.backends")
local counts = require("kaji.counts")
local hold = require("kaji.hold")
local metrics = require("kaji.metrics")
local state = require("kaji.state")
local tenants = require("kaji.tenants")
local traffic = require("kaji.traffic")
local admin = {}

local function body()
  ngx.req.read_body()
  local text = ngx.req.get_body_data()
  if text then
    return text
  end
  local name = ngx.req.get_body_file()
  if not name then
    return ""
  end
  local file = assert(io.open(name, "rb"))
  text = file:read("*a")
  file:close()
  return text
end

local function answer(status, text)
  ngx.status = status
  ngx.print(text)
  return ngx.exit(ngx.HTTP_OK)
end

local routes = {}

-- Applies changes in order.
routes["POST /apply"] = function()
  local count, problem = state.apply(body())
  if not count then
    return answer(507, problem)
  end
  return answer(200, tostring(count))
end

-- Deletes every key of ?dictionary=NAME that is not a line of the body.
routes["POST /keep"] = function()
  local wanted = {}
  for key in body():gmatch("[^\n]+") do
    wanted[key] = true
  end
  return answer(200, tostring(state.keep(ngx.var.arg_dictionary, wanted)))
end

-- What the ingress process that filled the dictionaries (?of=tenants: that of tenants) called itself; empty after a
-- start of nginx.
routes["GET /generation"] = function()
  return answer(200, state.facts():get("generation" .. (ngx.var.arg_of or "")) or "")
end

routes["POST /generation"] = function()
  state.facts():set("generation" .. (ngx.var.arg_of or ""), body())
  return answer(200, "")
end

-- Entries of tenants, a line each; answers those that there was no room for.
routes["POST /tenants"] = function()
  return answer(200, tenants.apply(body()))
end

-- "10.244.0.7:*|123" is the sum over every port. Rare: it looks at all keys.
local function count(counters, name)
  local head, tail = name:match("^(.-)%*(.*)$")
  if not head then
    return counters:get(name) or 0
  end
  local sum = 0
  for _, key in ipairs(counters:get_keys(0)) do
    if key:sub(1, #head) == head and key:sub(-#tail) == tail then
      sum = sum + math.max(0, counters:get(key) or 0)
    end
  end
  return sum
end

-- One counter name a line in, one number a line out.
routes["POST /counters"] = function()
  local counters, numbers = state.counters(), {}
  for name in body():gmatch("[^\n]+") do
    numbers[#numbers + 1] = tostring(count(counters, name))
  end
  return answer(200, table.concat(numbers, "\n"))
end

-- One backend a line: key, addresses, requests, errors.
routes["GET /backends"] = function()
  local shared, lines = ngx.shared.kaji_traffic, {}
  for _, key in ipairs(ngx.shared.kaji_backends:get_keys(1000)) do
    local addresses = {}
    for i, endpoint in ipairs(backends.get(key) or {}) do
      addresses[i] = endpoint.address
    end
    local requests = shared:get("requests " .. key) or 0
    local errors = shared:get("errors " .. key) or 0
    lines[#lines + 1] = table.concat({ key, table.concat(addresses, ","), requests, errors }, "\t")
  end
  return answer(200, table.concat(lines, "\n"))
end

-- The traffic of backends: in, the pids of the workers that live, then a key a line; out, blocks of lines
-- (counts.describe). With ?listen=1 the next request of each of them tells the ingress process (traffic.tell).
routes["POST /traffic"] = function()
  local text, blocks = body(), {}
  local pids = {}
  for pid in text:match("^[^\n]*"):gmatch("%d+") do
    pids[#pids + 1] = pid
  end
  for key in text:gmatch("\n([^\n]+)") do
    if ngx.var.arg_listen then
      ngx.shared.kaji_traffic:delete("told " .. key)
    end
    blocks[#blocks + 1] = counts.describe(key, traffic.now(key, pids))
  end
  return answer(200, table.concat(blocks, "\n"))
end

-- One backend a line: those that requests wait for.
routes["GET /waiting"] = function()
  return answer(200, table.concat(hold.keys(), "\n"))
end

routes["GET /cold-starts"] = function()
  return answer(200, table.concat(hold.cold_starts(), "\n"))
end

-- Series of metrics, and nginx' own counts of connections.
routes["GET /metrics"] = function()
  local lines, var = metrics.lines(), ngx.var
  for _, state_name in ipairs({ "active", "reading", "writing", "waiting" }) do
    lines[#lines + 1] = "connections\1" .. state_name .. " " .. var["connections_" .. state_name]
  end
  return answer(200, table.concat(lines, "\n"))
end

-- Stays open until the worker ends: whoever holds it learns at once that nginx is gone. It ends with its holder,
-- so that it never keeps a worker that is to end.
routes["GET /alive"] = function()
  ngx.on_abort(function()
    ngx.exit(499)
  end)
  ngx.send_headers()
  ngx.flush(true)
  while not ngx.worker.exiting() do
    ngx.sleep(30)
  end
end

function admin.serve()
  local route = routes[ngx.req.get_method() .. " " .. ngx.var.uri]
  if not route then
    return answer(404, "no such call")
  end
  return route()
end

return admin
