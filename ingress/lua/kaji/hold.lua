-- Holds requests for a backend that sleeps until it answers. The body is not read meanwhile; a WebSocket's
-- handshake waits like any other request.
-- Invariant: who waits is counted ("waiting KEY|PID" in kaji_counters) before the ingress process is told, and is
-- uncounted when it goes on, is refused, or goes away (`release`, in the log phase). Counts of dead workers are
-- nobody's: only live pids are summed.
local backends = require("kaji.backends")
local semaphore = require("ngx.semaphore")
local state = require("kaji.state")
local traffic = require("kaji.traffic")
local version = require("kaji.version")
local hold = {}

-- How soon a waiting worker sees an endpoint that another worker was told of.
local LOOK_SECONDS = 0.003
local CONNECT_TIMEOUT_MS = 250
-- Longer than a look or a try of one endpoint takes.
local LOST_SECONDS = 1
local COLD_BOUNDS_MS = { 50, 100, 150, 200, 300, 400, 600, 1000, 2000, 5000, 10000, 30000, 60000 }

-- Of this worker, by backend: { count, semaphore, version, tried_at }. Gone when all were let go or went away.
local rooms = {}
-- Which look-out is the right one, and when it last looked; nil: there is none.
local turn, looked_at = 0, nil

-- At the start of a worker: it takes the place of the one that had its number. (ngx.worker.pids() names dead ones
-- in a worker that was started in the place of a killed one.)
function hold.begin()
  local id = ngx.worker.id()
  if id then
    state.facts():set("worker " .. id, ngx.worker.pid())
  end
end

local function live_pids()
  local pids = {}
  for id = 0, ngx.worker.count() - 1 do
    pids[#pids + 1] = state.facts():get("worker " .. id)
  end
  return pids
end

local function own_counter(key)
  return "waiting " .. key .. "|" .. ngx.worker.pid()
end

-- An endpoint that is ready may not listen yet: without a readiness probe, ready means no more than started.
local function first_listening(list, room)
  for _, endpoint in ipairs(list) do
    room.tried_at = ngx.now()
    local socket = ngx.socket.tcp()
    socket:settimeout(CONNECT_TIMEOUT_MS)
    if socket:connect(endpoint.host, endpoint.port) then
      socket:close()
      return endpoint
    end
  end
  return nil
end

-- Lets everybody in the room go when an endpoint listens. False: there is no endpoint (any more).
local function try_once(key, room)
  local list = backends.get(key)
  if not list or #list == 0 then
    return false
  end
  if first_listening(list, room) and rooms[key] == room then
    ngx.shared.kaji_traffic:delete("waking " .. key)
    -- Who comes from now on begins a room anew: none of these tickets is theirs.
    rooms[key] = nil
    room.semaphore:post(room.count)
  end
  return true
end

local function try_until_open(_, key, room)
  while rooms[key] == room and room.count > 0 and try_once(key, room) do
    ngx.sleep(LOOK_SECONDS)
  end
  room.tried_at = nil
end

local function begin_to_try(key, room)
  room.tried_at = ngx.now()
  -- nginx starts no timer in a worker that is to end.
  if not ngx.timer.at(0, try_until_open, key, room) then
    try_once(key, room)
    room.tried_at = nil
  end
end

-- Rooms whose backend may have an endpoint now.
local function due_rooms(now)
  local due, number = {}, version.now()
  for key, room in pairs(rooms) do
    if room.count <= 0 then
      rooms[key] = nil
    elseif room.tried_at then
      due[key] = now - room.tried_at > LOST_SECONDS and room or nil
    elseif room.version ~= number then
      room.version = number
      local list = backends.get(key)
      due[key] = list and #list > 0 and room or nil
    end
  end
  return due
end

-- One for all rooms of this worker, however many backends requests wait for: they sleep, it looks. A room is looked
-- at when something was published, so that many cost little.
local function look_out(_, own_turn)
  while own_turn == turn and next(rooms) do
    looked_at = ngx.now()
    for key, room in pairs(due_rooms(looked_at)) do
      begin_to_try(key, room)
    end
    ngx.sleep(LOOK_SECONDS)
  end
  if own_turn == turn then
    looked_at = nil
  end
end

-- nginx drops timers when there are too many: one that has not looked for long is replaced.
local function keep_looking()
  local now = ngx.now()
  if looked_at and now - looked_at < LOST_SECONDS then
    return true
  end
  turn = turn + 1
  local ok, problem = ngx.timer.at(0, look_out, turn)
  looked_at = ok and now or nil
  return ok, problem
end

local function enter(key)
  local ok, problem = keep_looking()
  if not ok then
    return nil, problem
  end
  local room = rooms[key] or { count = 0, semaphore = semaphore.new(0) }
  rooms[key] = room
  room.count = room.count + 1
  state.counters():incr(own_counter(key), 1, 0)
  return room
end

-- Gives a request's place free, once; also in the log phase of one whose client went away.
function hold.release(context)
  local held = context.held
  if not held then
    return
  end
  context.held = nil
  held.room.count = held.room.count - 1
  local left = state.counters():incr(own_counter(held.key), -1, 0)
  if left and left <= 0 then
    state.counters():delete(own_counter(held.key))
  end
end

local function note_cold_start(context, ms)
  context.held_ms = ms
  ngx.header["X-Kaji-Cold-Start"] = tostring(ms)
  local shared, bucket = ngx.shared.kaji_traffic, #COLD_BOUNDS_MS + 1
  for i, bound in ipairs(COLD_BOUNDS_MS) do
    if ms <= bound then
      bucket = i
      break
    end
  end
  shared:incr("cold " .. bucket, 1, 0)
  shared:incr("cold ms", ms, 0)
end

-- True: the backend has an endpoint now. False, and a sentence: it has none, and the request shall not wait (on).
function hold.wait(context, key, options)
  if not options then
    return false, "the service " .. key .. " has no ready endpoint"
  end
  local started = ngx.now()
  local room, problem = enter(key)
  if not room then
    return false, "the service " .. key .. " sleeps, and this request cannot wait for it: " .. problem
  end
  context.held = { key = key, room = room }
  if traffic.now(key, live_pids()) > options.max then
    hold.release(context)
    return false, "the service " .. key .. " is being started and " .. options.max .. " requests wait for it already"
  end
  local timeout = options.timeout_ms / 1000
  local is_first = ngx.shared.kaji_traffic:add("waking " .. key, true, timeout)
  if not is_first then
    ngx.shared.kaji_traffic:set("waking " .. key, true, timeout)
  end
  traffic.tell(key, is_first)
  ngx.update_time()
  local is_let_go = room.semaphore:wait(math.max(0.001, started + timeout - ngx.now()))
  hold.release(context)
  if not is_let_go then
    local sentence = "the service %s had no ready endpoint within %g seconds"
    return false, sentence:format(key, timeout)
  end
  ngx.update_time()
  note_cold_start(context, math.floor((ngx.now() - started) * 1000 + 0.5))
  return true
end

-- For every request of a backend that somebody watches or that has no endpoint. As `wait`; the third value, where
-- there is one, is the status of an answer that is given without the backend.
function hold.pass(context, key, endpoints)
  if not endpoints then
    return hold.wait(context, key, nil)
  end
  context.is_watched = endpoints.is_watched
  context.is_probe = endpoints.is_watched and traffic.is_probe(endpoints.probe_paths)
  local is_asleep = #endpoints == 0
  if endpoints.hold and (is_asleep or ngx.shared.kaji_traffic:get("waking " .. key)) then
    if not context.is_probe then
      return hold.wait(context, key, endpoints.hold)
    end
    if is_asleep and traffic.now(key, live_pids()) == 0 then
      return false, "the service " .. key .. " sleeps and starts with its first request", 200
    end
  end
  if is_asleep then
    return hold.wait(context, key, nil)
  end
  if endpoints.is_watched and not context.is_probe then
    traffic.tell(key)
  end
  return true
end

-- "KEY" a line: what requests of any worker that lives wait for. Rare: it looks at all keys.
function hold.keys()
  local alive, found, lines = {}, {}, {}
  for _, pid in ipairs(live_pids()) do
    alive[tostring(pid)] = true
  end
  for _, name in ipairs(state.counters():get_keys(0)) do
    local key, pid = name:match("^waiting (.*)|(%d+)$")
    if key and alive[pid] and not found[key] then
      found[key] = true
      lines[#lines + 1] = key
    end
  end
  return lines
end

-- "BOUND COUNT" a line, "+Inf" for what took longer than all, then "sum MS".
function hold.cold_starts()
  local shared, lines = ngx.shared.kaji_traffic, {}
  for i = 1, #COLD_BOUNDS_MS + 1 do
    lines[i] = (COLD_BOUNDS_MS[i] or "+Inf") .. " " .. (shared:get("cold " .. i) or 0)
  end
  lines[#lines + 1] = "sum " .. (shared:get("cold ms") or 0)
  return lines
end

return hold
