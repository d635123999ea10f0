-- Finds the backend of a request by host and path. Runs in the access phase, before any upstream is chosen.
local backends = require("kaji.backends")
local hold = require("kaji.hold")
local state = require("kaji.state")
local router = {}

local function parse_routes(raw)
  local parsed = { routes = {} }
  local first = true
  for line in raw:gmatch("[^\n]+") do
    if first then
      parsed.redirects = line == "redirect"
      first = false
    else
      local kind, path, backend = line:match("^(%a+)\t([^\t]*)\t(.+)$")
      -- "/shop/" and "/shop" are the same prefix; an element is matched whole.
      local prefix = path
      if kind == "prefix" and #prefix > 1 and prefix:sub(-1) == "/" then
        prefix = prefix:sub(1, -2)
      end
      parsed.routes[#parsed.routes + 1] = { kind = kind, path = prefix, backend = backend }
    end
  end
  return parsed
end

local function matches(route, uri)
  if route.kind == "exact" then
    return uri == route.path
  end
  if route.path == "/" or route.path == "" then
    return true
  end
  if uri:sub(1, #route.path) ~= route.path then
    return false
  end
  return #uri == #route.path or uri:byte(#route.path + 1) == 47
end

local function find(host_routes, uri)
  for _, route in ipairs(host_routes.routes) do
    if matches(route, uri) then
      return route
    end
  end
  return nil
end

-- The plan of a host: by its name, by its wildcard ("*.example" covers one label), or the default's.
local function host_plans(host)
  local wildcard = host:gsub("^[^.]+", "*", 1)
  return state.lookup("routes", host, parse_routes),
    wildcard ~= host and wildcard ~= "*" and state.lookup("routes", wildcard, parse_routes) or nil,
    state.lookup("routes", "*", parse_routes)
end

local function refuse(status, sentence)
  ngx.status = status
  ngx.header["Content-Type"] = "text/plain; charset=utf-8"
  if status == 503 then
    ngx.header["Retry-After"] = "1"
  end
  ngx.say(sentence)
  return ngx.exit(ngx.HTTP_OK)
end

function router.route()
  local host, uri = ngx.var.host, ngx.var.uri
  local exact, wildcard, default = host_plans(host)
  local plan = exact or wildcard or default
  if not plan then
    return refuse(404, "no Ingress serves the host " .. host)
  end
  if plan.redirects and ngx.var.scheme == "http" then
    return ngx.redirect("https://" .. host .. ngx.var.kaji_https_port .. ngx.var.request_uri, 308)
  end
  local route = find(plan, uri)
  if not route and default and plan ~= default then
    route = find(default, uri)
  end
  if not route then
    return refuse(404, "no Ingress of the host " .. host .. " has a path for " .. uri)
  end
  local endpoints = backends.get(route.backend)
  if not endpoints or #endpoints == 0 then
    local is_awake, sentence = hold.wait(route.backend, endpoints and endpoints.hold)
    if not is_awake then
      return refuse(503, sentence)
    end
  end
  ngx.ctx.backend = route.backend
end

return router
