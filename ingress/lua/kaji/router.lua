-- Finds the backend of a request by host and path, and does what the Ingress asks of its requests, before any upstream
-- is chosen.
local answer = require("kaji.answer")
local backends = require("kaji.backends")
local body = require("kaji.body")
local canary = require("kaji.canary")
local contexts = require("kaji.context")
local finish = require("kaji.finish")
local hold = require("kaji.hold")
local request_id = require("kaji.request_id")
local routes = require("kaji.routes")
local tenants = require("kaji.tenants")
local router = {}

local COLON = 58
local PLAIN_LOCATION = "@kaji_http"
-- As ingress/nginx/locations.ts knows them.
local HAS_MORE, ADDS_HEADERS = "", "-"

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

-- Where a request is passed on from; nil: from where it is.
local function location_of(policy, is_large)
  local location = policy and (body.location_of(policy) or policy.location)
  -- Connections that change their protocol are passed on with other headers than location / has.
  return location or (not is_large and ngx.var.http_upgrade and PLAIN_LOCATION)
end

local function serve(context, route, site, groups, is_large)
  local policy = route.policy
  context.route = route
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
    tenants.tell(context, site)
    endpoints = endpoints or (site.hold and { hold = site.hold })
  end
  if not endpoints or #endpoints == 0 or endpoints.is_watched then
    local is_awake, sentence, status = hold.pass(context, backend, endpoints)
    if not is_awake then
      return answer.refuse(status or 503, sentence)
    end
  end
  context.backend = backend
  local location = location_of(policy, is_large)
  if location then
    return ngx.exec(location)
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

local function begin()
  local context, earlier = contexts.begin()
  if earlier then
    finish.release(earlier)
  end
  return context
end

-- In location /, in the rewrite phase: that costs least, for there is no coroutine, but nothing can be answered and
-- nothing can wait. What the request is called, where it is passed on as it is; ADDS_HEADERS: so it is, and the answer
-- gets headers; HAS_MORE: the access phase has something to do.
function router.look()
  local var, context = ngx.var, begin()
  local host = var.host
  local site = is_same(host, var.http_host) and routes.of(host)
  if not site then
    return HAS_MORE
  end
  local route, groups = site.only, nil
  if not route then
    route, groups = routes.find(site.routes, var.uri)
  end
  if not route then
    return HAS_MORE
  end
  context.host_key = host
  local backend, policy = route.backend, route.policy or false
  context.policy = policy
  local endpoints = backends.get(backend)
  local is_plain = endpoints and #endpoints > 0 and not endpoints.is_watched and not endpoints.mirror
  if not is_plain or route.canaries or tenants.have_own_headers() or (policy and not passes(policy, context)) then
    context.found = { route = route, site = site, groups = groups }
    return HAS_MORE
  end
  context.route, context.backend = route, backend
  if policy and policy.adds_headers then
    return ADDS_HEADERS
  end
  return request_id.make()
end

local function find_and_serve(context, is_large)
  local var = ngx.var
  local host = var.host
  check_host(host, var.http_host)
  local route, site, groups = find_route(host, var.uri, context)
  return serve(context, route, site, groups, is_large)
end

-- In location /, in the access phase, where `look` has left something to do, or a connection is to be upgraded.
function router.route()
  local context = contexts.get()
  tenants.strip_headers()
  if context.backend then
    return ngx.exec(PLAIN_LOCATION)
  end
  local found = context.found
  if found then
    return serve(context, found.route, found.site, found.groups, false)
  end
  return find_and_serve(context, false)
end

-- In the location for bodies that are longer than most may be.
function router.route_large()
  tenants.strip_headers()
  return find_and_serve(begin(), true)
end

-- In a location for bodies of unknown length.
function router.read_body()
  local policy = contexts.get().policy
  body.read(policy)
  return ngx.exec(policy.location or PLAIN_LOCATION)
end

return router
