-- Cross-origin requests: preflights are answered here, other answers get their headers.
local cors = {}

local METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS"
local HEADERS = "DNT, Keep-Alive, User-Agent, X-Requested-With, If-Modified-Since, Cache-Control, "
  .. "Content-Type, Range, Authorization"
local MAX_AGE = "1728000"

-- "https://*.example" covers one label and more, as ingress-nginx has it.
local function allows(origins, origin)
  for _, one in ipairs(origins) do
    if one == origin then
      return true
    end
    local scheme, rest = one:match("^(.-://)%*(%..+)$")
    if scheme and origin:sub(1, #scheme) == scheme and #origin > #scheme + #rest then
      local middle = origin:sub(#scheme + 1, -#rest - 1)
      if origin:sub(-#rest) == rest and middle:find("^[%w.-]+$") then
        return true
      end
    end
  end
  return false
end

-- "*" for everybody, the client's own origin where it is one of those, or nil.
local function allowed_origin(settings)
  if settings.is_open then
    return "*"
  end
  local origin = ngx.var.http_origin
  return origin and allows(settings.origins, origin) and origin or nil
end

local function add_common(settings, origin)
  ngx.header["Access-Control-Allow-Origin"] = origin
  if settings.has_credentials then
    ngx.header["Access-Control-Allow-Credentials"] = "true"
  end
  if origin ~= "*" then
    local vary = ngx.header["Vary"]
    if type(vary) == "table" then
      vary = table.concat(vary, ", ")
    end
    ngx.header["Vary"] = vary and vary .. ", Origin" or "Origin"
  end
end

function cors.add_headers(settings)
  local origin = allowed_origin(settings)
  if origin then
    add_common(settings, origin)
    if settings.exposed then
      ngx.header["Access-Control-Expose-Headers"] = settings.exposed
    end
  end
end

local function is_preflight()
  local var = ngx.var
  return ngx.req.get_method() == "OPTIONS" and var.http_origin and var.http_access_control_request_method
end

local function answer_preflight(settings)
  local origin = allowed_origin(settings)
  if origin then
    add_common(settings, origin)
    ngx.header["Access-Control-Allow-Methods"] = settings.methods
    ngx.header["Access-Control-Allow-Headers"] = settings.headers
    ngx.header["Access-Control-Max-Age"] = settings.max_age
  end
  return ngx.exit(204)
end

function cors.prepare(fields, policy)
  if not fields["enable-cors"] then
    return nil
  end
  local settings = {
    origins = {},
    methods = fields["cors-allow-methods"] or METHODS,
    headers = fields["cors-allow-headers"] or HEADERS,
    exposed = fields["cors-expose-headers"],
    max_age = fields["cors-max-age"] or MAX_AGE,
    has_credentials = fields["cors-allow-credentials"] ~= "",
  }
  for origin in (fields["cors-allow-origin"] or "*"):gmatch("[^,]+") do
    settings.origins[#settings.origins + 1] = origin
    settings.is_open = settings.is_open or origin == "*"
  end
  policy.cors = settings
  local function step()
    if is_preflight() then
      return answer_preflight(settings)
    end
  end
  return step, function()
    return not is_preflight()
  end
end

return cors
