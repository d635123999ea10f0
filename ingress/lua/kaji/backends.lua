-- What stands behind a backend, as its entry says (ingress/plan/backends.ts).
local state = require("kaji.state")
local backends = {}

local function parse(raw)
  local list = { raw = raw }
  local options, rest = raw:match("^([^\n]*)\n?(.*)$")
  local max, timeout_ms = options:match("hold=(%d+),(%d+)")
  if max then
    list.hold = { max = tonumber(max), timeout_ms = tonumber(timeout_ms) }
  end
  for line in rest:gmatch("[^\n]+") do
    local address, version, weight, pod = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$")
    local host, port = address:match("^%[?([^%]]+)%]?:(%d+)$")
    list[#list + 1] = {
      address = address,
      host = host,
      port = tonumber(port),
      version = version,
      weight = tonumber(weight),
      pod = pod,
    }
  end
  return list
end

-- A list of endpoints with `raw` and, where requests may wait for the first, `hold`; nil: no such backend.
function backends.get(key)
  return state.lookup("backends", key, parse)
end

return backends
