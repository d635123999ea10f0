-- Which of a route's backends a request goes to: ingress-nginx' canary annotations. A header decides before a cookie,
-- a cookie before the weight.
local backends = require("kaji.backends")
local sticky = require("kaji.sticky")
local canary = {}

function canary.parse(backend, fields)
  local header = fields["canary-by-header"]
  local cookie = fields["canary-by-cookie"]
  return {
    backend = backend,
    weight = tonumber(fields["canary-weight"]) or 0,
    total = tonumber(fields["canary-weight-total"]) or 100,
    header = header and "http_" .. (header:lower():gsub("-", "_")),
    value = fields["canary-by-header-value"],
    pattern = fields["canary-by-header-pattern"],
    cookie = cookie and "cookie_" .. cookie,
  }
end

-- true, false, or nil: nothing is said.
local function always_or_never(given)
  if given == "always" then
    return true
  end
  if given == "never" then
    return false
  end
  return nil
end

local function by_header(one)
  local given = one.header and ngx.var[one.header]
  if not given then
    return nil
  end
  if one.value then
    return given == one.value or nil
  end
  if one.pattern then
    return ngx.re.find(given, one.pattern, "jo") ~= nil or nil
  end
  return always_or_never(given)
end

local function by_cookie(one)
  return always_or_never(one.cookie and ngx.var[one.cookie])
end

local function takes(one)
  local decided = by_header(one)
  if decided == nil then
    decided = by_cookie(one)
  end
  if decided == nil then
    decided = one.weight > 0 and math.random(one.total) <= one.weight
  end
  return decided
end

-- Who has a cookie of an endpoint stays with its backend.
local function stuck(route, context)
  local value = context.sticky_value
  if not value then
    return nil
  end
  if sticky.endpoint_of(backends.get(route.backend), value) then
    return route.backend
  end
  for _, one in ipairs(route.canaries) do
    if sticky.endpoint_of(backends.get(one.backend), value) then
      return one.backend
    end
  end
  return nil
end

function canary.choose(route, context)
  local kept = stuck(route, context)
  if kept then
    return kept
  end
  for _, one in ipairs(route.canaries) do
    if takes(one) then
      return one.backend
    end
  end
  return route.backend
end

return canary
