-- Keeps a client at the endpoint that answered it first, by a cookie. The cookie names no address: it is a digest of
-- the endpoint, and one of an endpoint that is gone is as good as none.
local sticky = {}

local function digest(endpoint)
  local made = endpoint.digest
  if not made then
    made = ngx.md5(endpoint.address .. " " .. (endpoint.pod or ""))
    endpoint.digest = made
  end
  return made
end

-- By digest, made once per list of endpoints.
local function by_digest(list)
  if not list.by_digest then
    list.by_digest = {}
    for _, endpoint in ipairs(list) do
      list.by_digest[digest(endpoint)] = endpoint
    end
  end
  return list.by_digest
end

-- The client's endpoint, if it has one in this list that takes requests.
function sticky.endpoint_of(list, value)
  local endpoint = value and list and by_digest(list)[value]
  return endpoint and endpoint.weight ~= 0 and endpoint or nil
end

-- Of a route with `affinity: cookie`: the client's endpoint, or what `pick` chooses, which it then stays at.
function sticky.pick(list, context, tried, pick)
  local wanted = sticky.endpoint_of(list, context.sticky_value)
  if wanted and wanted.address ~= tried then
    return wanted
  end
  local chosen = pick(list, tried)
  if not wanted or context.policy.sticky.changes_on_failure then
    context.new_sticky_value = digest(chosen)
  end
  return chosen
end

-- In the header filter.
function sticky.add_cookie(context)
  local value, settings = context.new_sticky_value, context.policy.sticky
  if not value then
    return
  end
  local cookie = settings.name .. "=" .. value .. settings.attributes
  if settings.expires then
    cookie = cookie .. "; Expires=" .. ngx.cookie_time(ngx.time() + settings.expires)
  end
  if settings.is_secure or (settings.is_secure == nil and ngx.var.kaji_scheme == "https") then
    cookie = cookie .. "; Secure"
  end
  local others = ngx.header["Set-Cookie"]
  if type(others) == "table" then
    others[#others + 1] = cookie
    ngx.header["Set-Cookie"] = others
  else
    ngx.header["Set-Cookie"] = others and { others, cookie } or cookie
  end
end

local function attributes_of(fields)
  local attributes = "; Path=" .. (fields["session-cookie-path"] or "/") .. "; HttpOnly"
  for _, one in ipairs({
    { "Domain", fields["session-cookie-domain"] },
    { "Max-Age", fields["session-cookie-max-age"] },
    { "SameSite", fields["session-cookie-samesite"] },
  }) do
    if one[2] then
      attributes = attributes .. "; " .. one[1] .. "=" .. one[2]
    end
  end
  return attributes
end

function sticky.prepare(fields, policy)
  if not fields.affinity then
    return nil
  end
  local settings = {
    name = fields["session-cookie-name"] or "INGRESSCOOKIE",
    attributes = attributes_of(fields),
    expires = tonumber(fields["session-cookie-expires"]),
    is_secure = fields["session-cookie-secure"] and true or nil,
    changes_on_failure = fields["session-cookie-change-on-failure"] ~= nil,
  }
  local variable = "cookie_" .. settings.name
  policy.sticky = settings
  local function prepare(context)
    context.sticky_value = ngx.var[variable]
    return true
  end
  return prepare, prepare
end

return sticky
