-- What the phases of a request write down for each other, in a table of this worker by the request's place in memory:
-- ngx.ctx would cost a request more than all that is decided about it. It stays when a request changes its location.
-- Invariant: begun by the first phase that has something to write, ended in the log phase, which nginx runs for every
-- request; so whoever finds one has its own. An application's X-Accel-Redirect lets its request begin anew.
local base = require("resty.core.base")
local ffi = require("ffi")
local context = {}

local get_request = base.get_request
local by_request = {}

local function key()
  return tonumber(ffi.cast("intptr_t", get_request()))
end

-- With room for what most requests need, eight fields: a table that grows is copied. `false` is as good as nothing.
-- The second value is what the same request had begun before, if so: its caller gives back what that holds.
function context.begin()
  local made = {
    backend = false,
    endpoint = false,
    gauge = false,
    host_key = false,
    new_sticky_value = false,
    policy = false,
    route = false,
    sticky_value = false,
  }
  local place = key()
  local earlier = by_request[place]
  by_request[place] = made
  return made, earlier
end

-- Caller must: have begun it in an earlier phase.
function context.get()
  return by_request[key()]
end

-- In the log phase. Requests that were answered before any phase of ours have an empty one.
function context.finish()
  local place = key()
  local found = by_request[place]
  by_request[place] = nil
  return found or {}
end

return context
