-- Counts what was answered, for Prometheus: by host, path, service, pod and status; durations and bytes without pod.
-- Owns kaji_metrics, whose keys are series (ingress/metrics/exposition.ts): a kind and its labels, \1 between them.
-- Each worker counts for itself and adds up once a second, while there is something: a worker that is killed loses
-- what it counted in its last second.
-- Invariant: labels are of the cluster (hosts and paths of Ingresses and tenants, pods), never of a request. There are
-- at most MAX_SERIES; what is beyond them counts under empty labels.
local counts = require("kaji.counts")
local metrics = {}

local shared = ngx.shared.kaji_metrics
local FLUSH_SECONDS = 1
local MAX_SERIES = 20000
-- A series that nothing is added to is forgotten: its pod or its path is gone.
local TTL_SECONDS = 3600
local BOUNDS = { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10 }
local COUNT = "#series"

-- Of this worker since the last flush: by host, path and backend, a cell.
local pending = {}
-- Until when a flush counts as planned: nginx drops timers when there are too many.
local planned_until = 0
-- Series that are known to be counted; at the limit they are found out anew.
local known, known_count = {}, 0

local function child(parent, key)
  local found = parent[key]
  if not found then
    found = {}
    parent[key] = found
  end
  return found
end

local function cell_of(context)
  local route = context.route
  local by_path = child(child(pending, context.host_key or ""), route and route.path or "")
  local cell = by_path[context.backend or ""]
  if not cell then
    cell = { seconds = 0, bytes = 0, counts = {}, buckets = {}, ingress = route and route.ingress or "" }
    by_path[context.backend or ""] = cell
  end
  return cell
end

-- The first of BOUNDS that is not passed. Written out, in halves: LuaJIT compiles the whole path of a request in one
-- piece only where no loop is in it.
local function bucket_of(seconds)
  if seconds <= 0.1 then
    if seconds <= 0.01 then
      return seconds <= 0.005 and 1 or 2
    elseif seconds <= 0.05 then
      return seconds <= 0.025 and 3 or 4
    end
    return 5
  elseif seconds <= 1 then
    if seconds <= 0.5 then
      return seconds <= 0.25 and 6 or 7
    end
    return 8
  elseif seconds <= 5 then
    return seconds <= 2.5 and 9 or 10
  end
  return seconds <= 10 and 11 or 12
end

-- Whether this series is one of those that are counted.
local function is_admitted(series)
  if known[series] then
    return true
  end
  if known_count >= MAX_SERIES then
    known, known_count = {}, 0
  end
  if shared:get(series) == nil then
    if (shared:get(COUNT) or 0) >= MAX_SERIES then
      return false
    end
    shared:incr(COUNT, 1, 0)
  end
  known[series] = true
  known_count = known_count + 1
  return true
end

-- `place`: host, path, backend and ingress; `rest`: further labels.
local function add(kind, place, rest, amount)
  local series = kind .. "\1" .. place .. rest
  if not is_admitted(series) then
    -- A pod goes first, then the place; the status and the bucket stay.
    series = kind .. "\1\1\1\1" .. rest:gsub("^\1[^\1]*\1", "\1\1")
  end
  shared:incr(series, amount, 0, TTL_SECONDS)
  shared:expire(series, TTL_SECONDS)
end

local function flush_cell(place, cell)
  for pod, by_status in pairs(cell.counts) do
    for status, count in pairs(by_status) do
      add("requests", place, "\1" .. pod .. "\1" .. status, count)
    end
  end
  for bucket, count in pairs(cell.buckets) do
    add("bucket", place, "\1" .. (BOUNDS[bucket] or "+Inf"), count)
  end
  add("seconds", place, "", cell.seconds)
  add("bytes", place, "", cell.bytes)
end

local function flush()
  planned_until = 0
  counts.flush()
  local cells = pending
  pending = {}
  for host, paths in pairs(cells) do
    for path, backends in pairs(paths) do
      for backend, cell in pairs(backends) do
        flush_cell(table.concat({ host, path, backend, cell.ingress }, "\1"), cell)
      end
    end
  end
end

-- In the log phase.
function metrics.record(context)
  local cell = cell_of(context)
  local endpoint = context.endpoint
  local by_status = child(cell.counts, endpoint and endpoint.pod or "")
  local status = ngx.status
  by_status[status] = (by_status[status] or 0) + 1
  local now = ngx.now()
  local seconds = now - ngx.req.start_time()
  local bucket = bucket_of(seconds)
  cell.buckets[bucket] = (cell.buckets[bucket] or 0) + 1
  cell.seconds = cell.seconds + seconds
  cell.bytes = cell.bytes + (tonumber(ngx.var.bytes_sent) or 0)
  if now > planned_until and ngx.timer.at(FLUSH_SECONDS, flush) then
    planned_until = now + 10 * FLUSH_SECONDS
  end
end

-- A series and its number a line. Rare: it looks at all keys, and counts them anew, so that forgotten ones make room.
function metrics.lines()
  local lines, count = {}, 0
  for _, series in ipairs(shared:get_keys(0)) do
    local amount = series ~= COUNT and shared:get(series)
    if amount then
      count = count + 1
      lines[count] = series .. " " .. string.format("%.17g", amount)
    end
  end
  shared:set(COUNT, count)
  return lines
end

return metrics
