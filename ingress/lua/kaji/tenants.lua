-- Tenants by host: whom a request is for, and which backend answers it. An entry (ingress/tenants/record.ts) is
-- "MODE\tNAME\tPLAN\tNAMESPACE" by host; its plan's, by "/PLAN", is "MODE\tSERVICE:PORT\tFLEET\tHEADER\tredirect|plain".
-- Invariant: no client's own value of a plan's header reaches any backend.
local saved = require("kaji.saved")
local version = require("kaji.version")
local tenants = {}

local dictionary = ngx.shared.kaji_tenants
-- The names of the plans' headers, tab-separated, under a key that no host and no plan has.
local HEADERS = "//headers"
local DEFAULT_HEADER = "X-Kaji-Tenant"
-- How requests wait for a workload that is not made yet; later its own RequestAutoscaler decides.
local HOLD = { max = 1000, timeout_ms = 60000 }

-- Per worker, by raw text: plans are few.
local plans, plan_count = {}, 0
local headers = { version = false, names = { DEFAULT_HEADER } }

local function plan_of(name)
  local raw = dictionary:get("/" .. name)
  if not raw then
    return nil
  end
  local plan = plans[raw]
  if not plan then
    if plan_count >= 1000 then
      plans, plan_count = {}, 0
    end
    local mode, service, fleet, header, scheme = raw:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$")
    plan = { mode = mode, service = service, fleet = fleet, header = header, redirects = scheme == "redirect" }
    plans[raw] = plan
    plan_count = plan_count + 1
  end
  return plan
end

local function answering(plan, backend)
  return { redirects = plan.redirects, routes = { { kind = "prefix", path = "/", backend = backend } } }
end

-- As the plan of an Ingress host (router.lua), and `tenant`, its name; `header`, what tells the backend; `hold`,
-- for while the workload's Service is not there yet; or `refusal`, a sentence. nil: no tenant has this host.
function tenants.find(host)
  local raw = dictionary:get(host)
  if not raw then
    return nil
  end
  local own_mode, name, plan_name, namespace = raw:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$")
  if own_mode == "suspended" then
    return { tenant = name, routes = {}, refusal = host .. " is suspended" }
  end
  local plan = plan_of(plan_name)
  if not plan then
    return { tenant = name, routes = {}, refusal = "there is no plan " .. plan_name .. " for " .. host }
  end
  local found
  local mode = own_mode ~= "" and own_mode or plan.mode
  if mode == "pooled" then
    if plan.fleet == "" then
      local sentence = "the plan " .. plan_name .. " names no fleet for a pooled tenant"
      return { tenant = name, routes = {}, refusal = sentence }
    end
    found = answering(plan, plan.fleet .. "/" .. plan.service)
  else
    found = answering(plan, (namespace ~= "" and namespace or "tenant-" .. name) .. "/" .. plan.service)
    found.hold = HOLD
  end
  found.tenant, found.header = name, plan.header
  return found
end

local function header_names()
  local now = version.now()
  if headers.version ~= now then
    local raw = dictionary:get(HEADERS)
    local names = { DEFAULT_HEADER }
    for name in (raw or ""):gmatch("[^\t]+") do
      names[#names + 1] = name
    end
    headers = { version = now, names = names }
  end
  return headers.names
end

-- Whether a plan tells tenants apart by a header that nginx' own file (ingress/nginx/locations.ts) does not take away.
function tenants.have_own_headers()
  return #header_names() > 1
end

-- Takes the headers that tell tenants apart from a request, whoever it is for.
function tenants.strip_headers()
  local names = header_names()
  ngx.req.clear_header(names[1])
  for i = 2, #names do
    ngx.req.clear_header(names[i])
  end
end

-- Tells the backend whom the request is for. Caller must: have stripped the headers.
function tenants.tell(context, found)
  context.tenant = found.tenant
  if found.header then
    ngx.req.set_header(found.header, found.tenant)
    -- In location / this one is taken from here alone.
    if found.header == DEFAULT_HEADER then
      ngx.var.kaji_told_tenant = found.tenant
    end
  end
end

-- One line of the log or of a batch: "KEY\tVALUE", or "KEY" alone for one that is gone.
local function apply_line(line)
  local tab = line:find("\t", 1, true)
  if not tab then
    dictionary:delete(line)
    return true
  end
  -- safe_set never evicts another tenant.
  return dictionary:safe_set(line:sub(1, tab - 1), line:sub(tab + 1))
end

-- Applies a batch; answers "KEY\tPROBLEM" lines of what there was no room for.
function tenants.apply(text)
  local refused, has_headers = {}, false
  for line in text:gmatch("([^\n]+)\n") do
    local ok, problem = apply_line(line)
    has_headers = has_headers or line:sub(1, #HEADERS) == HEADERS
    if not ok then
      refused[#refused + 1] = line:match("^[^\t]*") .. "\t" .. tostring(problem)
    end
  end
  if has_headers then
    version.change()
  end
  return table.concat(refused, "\n")
end

-- At the start of nginx: the log that the ingress process keeps (ingress/tenants/host-log.ts).
function tenants.load(path)
  local file = saved.open(path, dictionary)
  if not file then
    return
  end
  local rest = ""
  while true do
    local chunk = file:read(262144)
    if not chunk then
      break
    end
    local text = rest .. chunk
    local last = 1
    for line, stop in text:gmatch("([^\n]+)\n()") do
      apply_line(line)
      last = stop
    end
    -- What follows the last end of line; at the end of the file, an entry that was never finished.
    rest = text:sub(last)
  end
  file:close()
end

return tenants
