-- How often, and how many at a time, a client's address may ask.
-- Owns kaji_limits: "r ID|CLIENT" and "m ID|CLIENT", the moment from which the address has nothing left over;
-- "c ID|CLIENT", its requests in progress. When memory is out, addresses that were silent longest are forgotten.
-- Two workers that serve one address in the same moment may count one request less: a limit is a limit, not a sum.
local answer = require("kaji.answer")
local ranges = require("kaji.ranges")
local limits = {}

local shared = ngx.shared.kaji_limits
local BURST = 5
-- A worker that is killed uncounts nothing: what it counted is forgotten when the address has been silent as long.
local CONNECTION_SECONDS = 3600

-- Whom a limit counts as one client: an IPv6 network of 64 bits is somebody's own, with more addresses than can be
-- counted.
local function client_of(address)
  return #address == 16 and address:sub(1, 8) or address
end

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

local function count_connection(context, policy, client, most)
  local key = "c " .. policy.id .. "|" .. client
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
  -- What is too much; nil: nothing, and the request has been counted.
  local function excess(client)
    if rps and is_over("r " .. policy.id .. "|" .. client, rps, rps * multiplier) then
      return rps .. " a second"
    end
    if rpm and is_over("m " .. policy.id .. "|" .. client, rpm / 60, rpm * multiplier) then
      return rpm .. " a minute"
    end
    return nil
  end
  local function step(context)
    local address = ranges.client()
    if free and ranges.contain(free, address) then
      return
    end
    if connections then
      count_connection(context, policy, client_of(address), connections)
    end
    local what = context.excess or excess(client_of(address))
    if what then
      return refuse_over(policy, what)
    end
  end
  local function may_pass(context)
    local address = ranges.client()
    if free and ranges.contain(free, address) then
      return true
    end
    -- For the step, which would count the request again.
    context.excess = excess(client_of(address))
    return not context.excess
  end
  -- Who is counted while it is answered is uncounted later: that takes more than a check.
  return step, not connections and may_pass or nil
end

return limits
