-- How often, and how many at a time, a client's address may ask.
-- Owns kaji_limits: "r ID|ADDRESS" and "m ID|ADDRESS", the moment from which the address has nothing left over;
-- "c ID|ADDRESS", its requests in progress. When memory is out, addresses that were silent longest are forgotten.
-- Two workers that serve one address in the same moment may count one request less: a limit is a limit, not a sum.
local answer = require("kaji.answer")
local ranges = require("kaji.ranges")
local limits = {}

local shared = ngx.shared.kaji_limits
local BURST = 5
-- A worker that is killed uncounts nothing: what it counted is forgotten when the address has been silent as long.
local CONNECTION_SECONDS = 3600

-- The leaky bucket of nginx' limit_req with nodelay, as one number: when the bucket will be empty.
local function is_over(key, per_second, burst)
  local now = ngx.now()
  local interval = 1 / per_second
  local empty_at = math.max(shared:get(key) or now, now)
  if empty_at - now > burst * interval then
    return true
  end
  shared:set(key, empty_at + interval, empty_at + interval - now + 1)
  return false
end

local function refuse_over(policy, what)
  return answer.refuse(policy.limit_status, "too many requests from one address: " .. what)
end

local function count_connection(context, policy, address, most)
  local key = "c " .. policy.id .. "|" .. address
  local count = shared:incr(key, 1, 0, CONNECTION_SECONDS)
  shared:expire(key, CONNECTION_SECONDS)
  context.connection_key = key
  if count and count > most then
    return refuse_over(policy, "at most " .. most .. " at a time")
  end
end

-- In the log phase.
function limits.release(context)
  local key = context.connection_key
  if key then
    context.connection_key = nil
    local left = shared:incr(key, -1)
    if left and left <= 0 then
      shared:delete(key)
    end
  end
end

local function positive(text)
  local number = tonumber(text)
  return number and number > 0 and number or nil
end

function limits.prepare(fields, policy)
  local rps, rpm = positive(fields["limit-rps"]), positive(fields["limit-rpm"])
  local connections = positive(fields["limit-connections"])
  if not rps and not rpm and not connections then
    return nil
  end
  local multiplier = tonumber(fields["limit-burst-multiplier"]) or BURST
  local free = fields["limit-whitelist"] or fields["limit-allowlist"]
  free = free and ranges.parse(free)
  policy.limit_status = tonumber(fields["limit-status-code"]) or 503
  return function(context)
    local address = ranges.client()
    if free and ranges.contain(free, address) then
      return
    end
    if connections then
      count_connection(context, policy, address, connections)
    end
    if rps and is_over("r " .. policy.id .. "|" .. address, rps, rps * multiplier) then
      return refuse_over(policy, rps .. " a second")
    end
    if rpm and is_over("m " .. policy.id .. "|" .. address, rpm / 60, rpm * multiplier) then
      return refuse_over(policy, rpm .. " a minute")
    end
  end
end

return limits
