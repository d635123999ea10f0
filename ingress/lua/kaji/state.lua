-- The shared dictionaries as the rest reads them, and the one way to change them.
-- Owns: routes, backends, certificates, counters (by worker pid: in flight by "address|PID", waiting by "waiting KEY|PID"), facts (generation).
-- Invariant: a change is visible to every worker as soon as `apply` has returned.
local counts = require("kaji.counts")
local saved = require("kaji.saved")
local version = require("kaji.version")
local state = {}

local shared = ngx.shared
local dictionaries = {
  routes = shared.kaji_routes,
  backends = shared.kaji_backends,
  certificates = shared.kaji_certificates,
}

-- Parsed forms, per worker, by key: good while nothing has changed, and after that while the raw text is the same.
local CACHE_LIMIT = 20000
local caches = { routes = {}, backends = {}, certificates = {} }
local sizes = { routes = 0, backends = 0, certificates = 0 }

function state.lookup(dictionary, key, parse)
  local cache = caches[dictionary]
  local entry = cache[key]
  local now = version.now()
  if entry and entry.version == now then
    return entry.parsed
  end
  local raw = dictionaries[dictionary]:get(key)
  if raw == nil then
    return nil
  end
  if entry and entry.raw == raw then
    entry.version = now
    return entry.parsed
  end
  if not entry then
    if sizes[dictionary] >= CACHE_LIMIT then
      caches[dictionary] = {}
      cache = caches[dictionary]
      sizes[dictionary] = 0
    end
    sizes[dictionary] = sizes[dictionary] + 1
  end
  local parsed = parse(raw)
  cache[key] = { raw = raw, parsed = parsed, version = now }
  return parsed
end

-- Whether what `lookup` gave for this key is what the dictionary says now.
function state.is_current(dictionary, key, raw)
  local entry = caches[dictionary][key]
  if entry and entry.version == version.now() and entry.raw == raw then
    return true
  end
  return dictionaries[dictionary]:get(key) == raw
end

-- Applies encoded changes (ingress/plan/entries.ts); answers how many, or nil and a sentence. What there is no room for
-- is left out, and all else is done: deletions, which make room, come last.
local function apply(text)
  local at, count, refusal = 1, 0, nil
  while at <= #text do
    local stop = text:find("\n", at, true)
    if not stop then
      return nil, "a change has no end of line at byte " .. at
    end
    local verb, name, key_bytes, value_bytes = text:sub(at, stop - 1):match("^(%a+) (%a+) (%d+) ?(%d*)$")
    local dictionary = dictionaries[name]
    if not dictionary then
      return nil, "a change cannot be read at byte " .. at
    end
    local key = text:sub(stop + 1, stop + tonumber(key_bytes))
    at = stop + 1 + tonumber(key_bytes)
    local ok, problem
    if verb == "set" then
      local value = text:sub(at, at + tonumber(value_bytes) - 1)
      at = at + tonumber(value_bytes)
      -- safe_set never evicts another entry: when memory is out, the change fails and says so.
      ok, problem = dictionary:safe_set(key, value)
    else
      ok, problem = dictionary:delete(key)
      ok = true
      if name == "backends" then
        counts.forget(key)
      end
    end
    if not ok then
      refusal = refusal or "nginx has no room for " .. name .. " " .. key .. ": " .. tostring(problem)
    end
    count = count + 1
  end
  return not refusal and count or nil, refusal
end

function state.apply(text)
  local done, problem = apply(text)
  version.change()
  return done, problem
end

function state.keep(name, wanted)
  local dictionary, gone = dictionaries[name], 0
  for _, key in ipairs(dictionary:get_keys(0)) do
    if not wanted[key] then
      dictionary:delete(key)
      if name == "backends" then
        counts.forget(key)
      end
      gone = gone + 1
    end
  end
  version.change()
  return gone
end

-- At the start of nginx: what the ingress process last published.
function state.load(path)
  local file = saved.open(path, dictionaries.routes)
  if not file then
    return
  end
  local text = file:read("*a")
  file:close()
  local count, problem = state.apply(text)
  if not count then
    ngx.log(ngx.ERR, "cannot read ", path, ": ", problem)
  end
end

function state.counters()
  return shared.kaji_counters
end

function state.facts()
  return shared.kaji_facts
end

return state
