-- Finds the backend of a request by host and path, and does what the Ingress asks of its requests, before any upstream
-- is chosen.
local answer = require("kaji.answer")
local backends = require("kaji.backends")
local body = require("kaji.body")
local canary = require("kaji.canary")
local hold = require("kaji.hold")
local routes = require("kaji.routes")
local tenants = require("kaji.tenants")
local router = {}

local COLON = 58

-- A request on its way from one location to another, which costs it its ngx.ctx.
-- Invariant: nothing else runs in this worker between `go` and `arrive`: nginx changes the location in one call.
local parked

local function go(location, context)
  parked = context
  return ngx.exec(location)
end

local function arrive()
  local context = parked
  parked = nil
  ngx.ctx = context
  return context
end

-- What the phases of a request write down for each other, with room for what each of them needs: a table that grows is
-- copied each time. `false` is as good as nothing.
local function new_context()
  return {
    address = false,
    backend = false,
    gauge = false,
    host_key = false,
    ingress = false,
    path_key = false,
    pod = false,
    version = false,
  }
end

-- Who answers for a host: an Ingress with its name, a tenant, an Ingress with its wildcard, the default.
local function site_of(host)
  local exact = routes.of(host)
  if exact then
    return exact, host
  end
  local tenant = tenants.find(host)
  if tenant then
    return tenant, host
  end
  local wildcard, key = routes.of_wildcard(host)
  if wildcard then
    return wildcard, key
  end
  return routes.of("*"), "*"
end

local function find_route(host, uri, context)
  local site, key = site_of(host)
  if not site then
    return answer.refuse(404, "no Ingress serves the host " .. host)
  end
  context.host_key = key
  if site.refusal then
    return answer.refuse(503, site.refusal)
  end
  if site.redirects and ngx.var.kaji_scheme ~= "https" then
    return ngx.redirect("https://" .. host .. ngx.var.kaji_https_port .. ngx.var.request_uri, 308)
  end
  local route, groups, problem = routes.find(site.routes, uri)
  if not route and not problem and key ~= "*" then
    local default = routes.of("*")
    if default then
      route, groups, problem = routes.find(default.routes, uri)
    end
  end
  if problem then
    return answer.refuse(400, problem)
  end
  if not route then
    return answer.refuse(404, "no Ingress of the host " .. host .. " has a path for " .. uri)
  end
  return route, site, groups
end

-- The route's backend, one of its canaries, or its fallback when it has no endpoint.
local function backend_of(route, context)
  local backend = route.canaries and canary.choose(route, context) or route.backend
  local endpoints = backends.get(backend)
  local fallback = route.policy and route.policy.fallback
  if fallback and (not endpoints or #endpoints == 0) then
    local others = backends.get(fallback)
    if others and #others > 0 then
      return fallback, others
    end
  end
  return backend, endpoints
end

local function serve(context, route, site, groups, is_large)
  local policy = route.policy
  context.path_key, context.ingress = route.path, route.ingress
  if is_large or (policy and policy.body_bytes) then
    body.check_length(policy)
  end
  if policy then
    context.policy = policy
    if policy.step then
      policy.step(context, policy, groups)
    end
  end
  local backend, endpoints = backend_of(route, context)
  if site.tenant then
    tenants.tell(site)
    endpoints = endpoints or (site.hold and { hold = site.hold })
  end
  if not endpoints or #endpoints == 0 or endpoints.is_watched then
    local is_awake, sentence, status = hold.pass(backend, endpoints)
    if not is_awake then
      return answer.refuse(status or 503, sentence)
    end
  end
  context.backend = backend
  if policy then
    local location = body.location_of(policy) or policy.location
    if location then
      return go(location, context)
    end
  end
end

-- The request line may name a host too ("GET http://shop.example/"), which is the one that nginx goes by, while the
-- application is told the header's: a request for one host would be let through by the rules of another.
local function check_host(host, said)
  if not said or said == "" then
    return
  end
  local lower = said:lower()
  local name = lower:match("^%[[^%]]*%]") or lower:match("^[^:]*")
  if name:gsub("%.$", "") ~= host then
    return answer.refuse(400, "the request line and the Host header name different hosts")
  end
end

-- Whether the header says the host that nginx goes by, at first sight.
local function is_same(host, said)
  if said == host then
    return true
  end
  return said and said:byte(#host + 1) == COLON and said:sub(1, #host) == host
end

local function passes(policy, context)
  return policy.check and policy.check(context)
end

-- In location /, in the rewrite phase: that costs least, for there is no coroutine, but nothing can be answered and
-- nothing can wait. "": the request is passed on as it is; "1": the access phase has something to do.
function router.look()
  local var, context = ngx.var, new_context()
  ngx.ctx = context
  local host = var.host
  local site = is_same(host, var.http_host) and routes.of(host)
  if not site then
    return "1"
  end
  local route, groups = routes.find(site.routes, var.uri)
  if not route then
    return "1"
  end
  context.host_key = host
  local backend, policy = route.backend, route.policy
  local endpoints = backends.get(backend)
  local is_plain = endpoints and #endpoints > 0 and not endpoints.is_watched and not endpoints.mirror
  if not is_plain or route.canaries or tenants.have_own_headers() or (policy and not passes(policy, context)) then
    context.found = { route = route, site = site, groups = groups }
    return "1"
  end
  context.path_key, context.ingress, context.backend = route.path, route.ingress, backend
  return ""
end

-- In location /, in the access phase, where `look` has left something to do.
function router.route()
  local context = ngx.ctx
  tenants.strip_headers()
  local found = context.found
  if found then
    return serve(context, found.route, found.site, found.groups, false)
  end
  local var = ngx.var
  local host = var.host
  check_host(host, var.http_host)
  local route, site, groups = find_route(host, var.uri, context)
  return serve(context, route, site, groups, false)
end

-- In the location for bodies that are longer than most may be.
function router.route_large()
  local var, context = ngx.var, new_context()
  ngx.ctx = context
  tenants.strip_headers()
  local host = var.host
  check_host(host, var.http_host)
  local route, site, groups = find_route(host, var.uri, context)
  return serve(context, route, site, groups, true)
end

-- In a location for routes of one kind of upstream.
function router.arrive()
  arrive()
end

-- In a location for bodies of unknown length.
function router.read_body()
  local context = arrive()
  body.read(context.policy)
  return go(context.policy.location or "@kaji_http", context)
end

return router
