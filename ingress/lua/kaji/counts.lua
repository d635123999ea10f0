-- Counters of the traffic of backends that somebody watches, by version, in a dictionary of their own: whatever
-- they need of it, no count of requests in flight (kaji_counters) is pushed out.
-- Owns, in kaji_traffic: "requests KEY", "errors KEY" of every backend; and of watched ones KEY\tepoch, KEY\tn (how
-- many versions), KEY\tv1.. (their names), KEY\tVERSION\t1.. (answers by duration), \tlong, \tms, \terrors.
-- Invariant: at most MAX_VERSIONS versions of a backend are counted; one more begins a new epoch.
local counts = {}

local shared = ngx.shared.kaji_traffic
local MAX_VERSIONS = 8
counts.BOUNDS_MS = { 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000 }
local BUCKETS = #counts.BOUNDS_MS + 1
-- Of this worker since the last flush, by backend: { requests, errors }. A worker that is killed loses them.
local pending = {}

local function bucket_of(ms)
  for i = 1, BUCKETS - 1 do
    if ms <= counts.BOUNDS_MS[i] then
      return i
    end
  end
  return BUCKETS
end

local function versions_of(key)
  local names = {}
  for i = 1, shared:get(key .. "\tn") or 0 do
    names[#names + 1] = shared:get(key .. "\tv" .. i)
  end
  return names
end

-- Everything of a backend that is served no more.
function counts.forget(key)
  for _, version in ipairs(versions_of(key)) do
    local prefix = key .. "\t" .. version .. "\t"
    for i = 1, BUCKETS do
      shared:delete(prefix .. i)
    end
    for _, name in ipairs({ "long", "ms", "errors", "known" }) do
      shared:delete(prefix .. name)
    end
  end
  for i = 1, MAX_VERSIONS + 1 do
    shared:delete(key .. "\tv" .. i)
  end
  for _, name in ipairs({ key .. "\tn", key .. "\tepoch", "requests " .. key, "errors " .. key, "told " .. key }) do
    shared:delete(name)
  end
end

local function meet(key, version)
  if not shared:add(key .. "\t" .. version .. "\tknown", true) then
    return
  end
  local number = shared:incr(key .. "\tn", 1, 0)
  if number and number > MAX_VERSIONS then
    counts.forget(key)
    -- It has no number yet, by which it would have been forgotten.
    shared:delete(key .. "\t" .. version .. "\tknown")
    return meet(key, version)
  end
  shared:set(key .. "\tv" .. number, version)
end

-- Of every backend.
function counts.add(key, requests, errors)
  shared:incr("requests " .. key, requests, 0)
  if errors > 0 then
    shared:incr("errors " .. key, errors, 0)
  end
end

-- Of one that nobody watches: nothing is decided by these, so they are added up once a second (metrics.flush).
function counts.note(key, is_error)
  local noted = pending[key]
  if not noted then
    noted = { requests = 0, errors = 0 }
    pending[key] = noted
  end
  noted.requests = noted.requests + 1
  if is_error then
    noted.errors = noted.errors + 1
  end
end

function counts.flush()
  local noted = pending
  pending = {}
  for key, one in pairs(noted) do
    counts.add(key, one.requests, one.errors)
  end
end

-- Of watched ones. `ms`: nil for a connection that was upgraded, whose length says nothing.
function counts.add_by_version(key, version, ms, is_error)
  local prefix = key .. "\t" .. version .. "\t"
  local count = shared:incr(prefix .. (ms and bucket_of(ms) or "long"), 1, 0)
  if count == 1 then
    meet(key, version)
  end
  if ms then
    shared:incr(prefix .. "ms", ms, 0)
  end
  if is_error then
    shared:incr(prefix .. "errors", 1, 0)
  end
end

-- Differs after a start of nginx, and whenever the counts began anew.
local function epoch_of(key)
  local name = key .. "\tepoch"
  shared:add(name, string.format("%d-%d", ngx.now() * 1000, math.random(1000000)))
  return shared:get(name) or ""
end

-- A line of the whole, then one for each version: "\tVERSION\tERRORS\tMS\tLONG\tBUCKET,BUCKET,...".
function counts.describe(key, waiting, in_flight)
  local requests = shared:get("requests " .. key) or 0
  local lines = { table.concat({ key, epoch_of(key), waiting, in_flight, requests }, "\t") }
  for _, version in ipairs(versions_of(key)) do
    local prefix = key .. "\t" .. version .. "\t"
    local buckets = {}
    for i = 1, BUCKETS do
      buckets[i] = shared:get(prefix .. i) or 0
    end
    local errors, ms = shared:get(prefix .. "errors") or 0, shared:get(prefix .. "ms") or 0
    local long = shared:get(prefix .. "long") or 0
    lines[#lines + 1] = table.concat({ "", version, errors, ms, long, table.concat(buckets, ",") }, "\t")
  end
  return table.concat(lines, "\n")
end

return counts
