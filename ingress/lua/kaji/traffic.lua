-- Counts what was answered, by backend; and by version where somebody watches (ingress/traffic).
local backends = require("kaji.backends")
local counts = require("kaji.counts")
local state = require("kaji.state")
local traffic = {}

-- Those of Kubernetes, of Amazon's and of Google's load balancers.
local PROBE_AGENTS = { "kube-probe/", "ELB-HealthChecker/", "GoogleHC/" }

-- A request that asks only whether there is somebody: it neither wakes nor keeps awake.
function traffic.is_probe(probe_paths)
  local agent = ngx.var.http_user_agent
  if agent then
    for _, prefix in ipairs(PROBE_AGENTS) do
      if agent:sub(1, #prefix) == prefix then
        return true
      end
    end
  end
  return probe_paths ~= nil and probe_paths[ngx.var.uri] == true
end

-- Tells the ingress process that something is going on, which it has asked to be told: it does not look by itself.
-- Only the first to find the sign absent tells, and who is urgent: the process may be between two looks. Caller must:
-- have counted itself before.
function traffic.tell(key, is_urgent)
  local shared = ngx.shared.kaji_traffic
  local is_first = not shared:get("told " .. key) and shared:add("told " .. key, true)
  if not is_first and not is_urgent then
    return
  end
  local socket = ngx.socket.tcp()
  socket:settimeout(1000)
  -- While the process is away nobody hears: it looks at everything when it starts.
  if socket:connect("unix:" .. ngx.config.prefix() .. "traffic.sock") then
    socket:send(key .. "\n")
    socket:close()
  end
end

local function elapsed_ms(context)
  if ngx.status == 101 then
    return nil
  end
  return math.max(0, math.floor((ngx.now() - ngx.req.start_time()) * 1000) - (context.held_ms or 0))
end

-- Runs when a request has ended, however it ended. In its context: backend, and the last endpoint.
function traffic.record(context)
  local key = context.backend
  if not key or context.is_probe then
    return
  end
  local is_error = ngx.status >= 500
  if context.is_watched then
    counts.add(key, 1, is_error and 1 or 0)
    local endpoint = context.endpoint
    counts.add_by_version(key, endpoint and endpoint.version or "", elapsed_ms(context), is_error)
  else
    counts.note(key, is_error)
  end
end

-- Over the workers of these pids: requests that wait for the backend, and that its endpoints are answering.
function traffic.now(key, pids)
  local counters, waiting, in_flight = state.counters(), 0, 0
  local list = backends.get(key) or {}
  for _, pid in ipairs(pids) do
    waiting = waiting + math.max(0, counters:get("waiting " .. key .. "|" .. pid) or 0)
    for _, endpoint in ipairs(list) do
      in_flight = in_flight + math.max(0, counters:get(endpoint.address .. "|" .. pid) or 0)
    end
  end
  return waiting, in_flight
end

return traffic
