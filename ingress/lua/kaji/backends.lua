-- What stands behind a backend, as its entry says (ingress/plan/backends.ts). One entry carries endpoints and the
-- shares of their versions: a switch is seen whole or not at all.
local state = require("kaji.state")
local backends = {}

-- Endpoints by version, where requests are shared out by it; nil: all alike.
local function versions_of(list)
  local versions, by_name = {}, {}
  for _, endpoint in ipairs(list) do
    local version = by_name[endpoint.version]
    if not version then
      version = { weight = endpoint.weight or 100, current = 0 }
      by_name[endpoint.version] = version
      versions[#versions + 1] = version
    end
    version[#version + 1] = endpoint
  end
  return #versions > 1 and versions or nil
end

local function parse(raw)
  local list = { raw = raw }
  local options, rest = raw:match("^([^\n]*)\n?(.*)$")
  local max, timeout_ms = options:match("hold=(%d+),(%d+)")
  if max then
    list.hold = { max = tonumber(max), timeout_ms = tonumber(timeout_ms) }
  end
  list.is_watched = max ~= nil or options:find("watched", 1, true) ~= nil
  local probes = options:match("probes=(%S+)")
  if probes then
    list.probe_paths = {}
    for path in probes:gmatch("[^,]+") do
      list.probe_paths[path] = true
    end
  end
  for line in rest:gmatch("[^\n]+") do
    local address, version, weight, pod = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$")
    local host, port = address:match("^%[?([^%]]+)%]?:(%d+)$")
    local mirror_percent = tonumber(weight:match("^m(%d+)$"))
    local copies = mirror_percent and (list.mirror or { percent = mirror_percent, due = 0 })
    list.mirror = copies or list.mirror
    local group = copies or list
    group[#group + 1] = {
      address = address,
      host = host,
      port = tonumber(port),
      version = version,
      weight = tonumber(weight),
      pod = pod,
    }
  end
  list.versions = versions_of(list)
  return list
end

-- A list of endpoints with `raw`, and where it applies `versions`, `mirror` (endpoints that get copies) and `hold`
-- (requests may wait for the first endpoint); nil: no such backend.
function backends.get(key)
  return state.lookup("backends", key, parse)
end

return backends
