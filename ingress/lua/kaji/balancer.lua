-- Chooses the endpoint of a request and counts requests in flight by endpoint, which is what a drain reads.
-- Invariant: a request is counted before it is certain that the endpoint is still published; if it is not, it
-- is uncounted and chooses again. So after an endpoint is unpublished, a count of zero means that no request
-- is on its way to it, in any worker.
local balancer = require("ngx.balancer")
local backends = require("kaji.backends")
local state = require("kaji.state")
local sticky = require("kaji.sticky")
local chooser = {}

local MAX_TRIES = 3
local MAX_NAMES = 10000
local worker_suffix
-- By address: the names of its counters, which every request needs.
local names, name_count = {}, 0
-- By address: requests in flight of this worker, as counted for the others too.
local busy = {}

local function counter_of(address)
  local name = names[address]
  if not name then
    worker_suffix = worker_suffix or ("|" .. ngx.worker.pid())
    if name_count >= MAX_NAMES then
      names, name_count = {}, 0
    end
    name = address .. worker_suffix
    names[address] = name
    name_count = name_count + 1
  end
  return name
end

local function count(address, change)
  local left = (busy[address] or 0) + change
  busy[address] = left > 0 and left or nil
  state.counters():incr(counter_of(address), change, 0)
end

function chooser.release(context)
  local address = context.address
  if address then
    context.address = nil
    count(address, -1)
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
  local busy_first = busy[list[first].address] or 0
  local busy_second = busy[list[second].address] or 0
  return busy_second < busy_first and list[second] or list[first]
end

function chooser.choose()
  local context = ngx.ctx
  local tried = context.address
  chooser.release(context)
  for _ = 1, 16 do
    local list = backends.get(context.backend)
    if not list or #list == 0 then
      return ngx.exit(503)
    end
    local peer = context.sticky and sticky.pick(list, context, tried, pick) or pick(list, tried)
    context.address, context.version, context.pod = peer.address, peer.version, peer.pod
    count(peer.address, 1)
    if is_published(context.backend, list.raw) then
      if not context.tries then
        context.tries = 1
        balancer.set_more_tries((context.max_tries or MAX_TRIES) - 1)
      end
      local limits = context.timeouts
      if limits then
        balancer.set_timeouts(limits.connect, limits.send, limits.read)
      end
      local ok, problem = balancer.set_current_peer(peer.host, peer.port)
      if not ok then
        ngx.log(ngx.ERR, "cannot use endpoint ", peer.address, ": ", problem)
        return ngx.exit(502)
      end
      return
    end
    chooser.release(context)
  end
  return ngx.exit(503)
end

return chooser
