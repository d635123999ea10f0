-- Chooses the endpoint of a request and counts requests in flight by endpoint, which is what a drain reads.
-- Invariant: a request is counted before it is certain that the endpoint is still published; if it is not, it
-- is uncounted and chooses again. So after an endpoint is unpublished, a count of zero means that no request
-- is on its way to it, in any worker.
local balancer = require("ngx.balancer")
local backends = require("kaji.backends")
local contexts = require("kaji.context")
local state = require("kaji.state")
local sticky = require("kaji.sticky")
local chooser = {}

local counters = state.counters()

local MAX_TRIES = 3
-- How often an endpoint may be unpublished in the moment in which it is chosen.
local MAX_LOOKS = 16
local MAX_GAUGES = 10000
local worker_suffix
-- By address: { name, busy, told }, the name of the shared counter of this worker's requests in flight, how many there
-- are, and what the shared counter was last told.
local gauges, gauge_count = {}, 0

local function gauge_of(address)
  local gauge = gauges[address]
  if not gauge then
    worker_suffix = worker_suffix or ("|" .. ngx.worker.pid())
    if gauge_count >= MAX_GAUGES then
      gauges, gauge_count = {}, 0
    end
    gauge = { name = address .. worker_suffix, busy = 0, told = 0 }
    gauges[address] = gauge
    gauge_count = gauge_count + 1
  end
  return gauge
end

local function busy_at(endpoint)
  local gauge = endpoint.gauge or gauges[endpoint.address]
  return gauge and gauge.busy or 0
end

-- Whoever watches a backend is told each request. Else the shared counter follows by halves and doubles: it is zero
-- exactly when there is none, which is all that a drain wants to know, and under load most requests cost no lock.
local function count(gauge, change, is_watched)
  local busy, told = gauge.busy + change, gauge.told
  gauge.busy = busy
  if is_watched or busy <= told / 2 or busy >= told * 2 then
    gauge.told = busy
    counters:incr(gauge.name, busy - told, 0)
  end
end

function chooser.release(context)
  local gauge = context.gauge
  if gauge then
    context.gauge = false
    count(gauge, -1, context.is_watched)
  end
end

local function is_published(backend, raw)
  return state.is_current("backends", backend, raw)
end

-- The versions take turns by their weights (smooth weighted round robin, by each worker for itself): of a hundred
-- requests each gets its share exactly. One without another endpoint than the tried one is passed over.
local function next_version(versions, tried)
  local best, total = nil, 0
  for _, version in ipairs(versions) do
    if not (tried and #version == 1 and version[1].address == tried) then
      version.current = version.current + version.weight
      total = total + version.weight
      if not best or version.current > best.current then
        best = version
      end
    end
  end
  best.current = best.current - total
  return best
end

-- Two random choices, the less busy of them: close to the least busy of all, at a constant cost.
local function pick(all, tried)
  local list = all.versions and next_version(all.versions, tried) or all
  local count = #list
  local first = math.random(count)
  if count > 1 and tried and list[first].address == tried then
    first = first % count + 1
  end
  local second = math.random(count)
  if count < 2 or second == first or list[second].address == tried then
    return list[first]
  end
  return busy_at(list[second]) < busy_at(list[first]) and list[second] or list[first]
end

-- Counts the request at an endpoint: that one, nil (there is none) or false: it was unpublished in that moment.
local function reserve(context, tried)
  local list = backends.get(context.backend)
  if not list or #list == 0 then
    return nil
  end
  local policy = context.policy
  local peer = policy and policy.sticky and sticky.pick(list, context, tried, pick) or pick(list, tried)
  local gauge = peer.gauge
  if not gauge then
    gauge = gauge_of(peer.address)
    peer.gauge = gauge
  end
  context.endpoint = peer
  context.gauge = gauge
  count(gauge, 1, context.is_watched)
  if is_published(context.backend, list.raw) then
    return peer
  end
  chooser.release(context)
  return false
end

local function reserve_again(context, tried)
  for _ = 2, MAX_LOOKS do
    local peer = reserve(context, tried)
    if peer ~= false then
      return peer
    end
  end
  return nil
end

function chooser.choose()
  local context = contexts.get()
  local policy, last = context.policy, context.endpoint
  local tried = last and last.address or nil
  chooser.release(context)
  local peer = reserve(context, tried)
  if peer == false then
    peer = reserve_again(context, tried)
  end
  if not peer then
    return ngx.exit(503)
  end
  -- Again: after an endpoint that did not answer.
  if not tried then
    balancer.set_more_tries((policy and policy.max_tries or MAX_TRIES) - 1)
  end
  local limits = policy and policy.timeouts
  if limits then
    balancer.set_timeouts(limits.connect, limits.send, limits.read)
  end
  local ok, problem = balancer.set_current_peer(peer.host, peer.port)
  if not ok then
    ngx.log(ngx.ERR, "cannot use endpoint ", peer.address, ": ", problem)
    return ngx.exit(502)
  end
end

return chooser
