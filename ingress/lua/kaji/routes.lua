-- A host's entry (ingress/plan/routes.ts) and the route of a path in it.
local policies = require("kaji.policy")
local canary = require("kaji.canary")
local state = require("kaji.state")
local routes = {}

local function unescape(text)
  return (text:gsub("%%(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

local function fields_of(text)
  local fields = {}
  for name, value in text:gmatch("\t([^=\t]+)=([^\t]*)") do
    fields[name] = unescape(value)
  end
  return fields
end

local function parse_route(kind, rest, known)
  local path, backend, number, ingress = rest:match("^([^\t]*)\t([^\t]*)\t?([^\t]*)\t?([^\t]*)$")
  -- "/shop/" and "/shop" are the same prefix; an element is matched whole.
  local prefix = path
  if kind == "prefix" and #path > 1 and path:sub(-1) == "/" then
    prefix = path:sub(1, -2)
  end
  return {
    kind = kind,
    path = prefix,
    pattern = kind == "regex" and "^" .. path or nil,
    backend = backend,
    policy = known[tonumber(number)],
    ingress = ingress ~= "" and ingress or nil,
  }
end

local function parse(raw)
  local known, list = {}, {}
  -- The first line is of options: there are none yet.
  for kind, rest in raw:gmatch("\n(%a+)\t([^\n]*)") do
    if kind == "policy" then
      known[#known + 1] = policies.parse(fields_of("\t" .. rest))
    elseif kind == "canary" then
      local route = list[#list]
      route.canaries = route.canaries or {}
      local backend, fields = rest:match("^([^\t]*)(.*)$")
      route.canaries[#route.canaries + 1] = canary.parse(backend, fields_of(fields))
    else
      list[#list + 1] = parse_route(kind, rest, known)
    end
  end
  local first = list[1]
  local is_whole = first and first.kind == "prefix" and (first.path == "/" or first.path == "")
  return { routes = list, only = is_whole and first or nil }
end

-- { routes, only }: most specific first; `only`, where every path is the first one's. nil: no Ingress has rules for
-- this host.
function routes.of(host)
  return state.lookup("routes", host, parse)
end

-- As `of`, and the wildcard's name: "*.example" covers one label.
function routes.of_wildcard(host)
  local wildcard = host:gsub("^[^.]+", "*", 1)
  if wildcard == host or wildcard == "*" then
    return nil
  end
  return state.lookup("routes", wildcard, parse), wildcard
end

local function matches(route, uri)
  local path = route.path
  if route.kind == "exact" then
    return uri == path
  end
  if path == "/" or path == "" then
    return true
  end
  if uri:sub(1, #path) ~= path then
    return false
  end
  return #uri == #path or uri:byte(#path + 1) == 47
end

-- The first that matches, with what its groups matched; the third value is a sentence where a match took too long.
function routes.find(list, uri)
  for i = 1, #list do
    local route = list[i]
    if route.pattern then
      -- "s": a path may have an end of line (%0a) in it, which must not lead it past a pattern.
      local groups, problem = ngx.re.match(uri, route.pattern, "ijos")
      if groups then
        return route, groups
      elseif problem then
        return nil, nil, "this path takes too long to be matched: " .. problem
      end
    elseif matches(route, uri) then
      return route
    end
  end
  return nil
end

return routes
