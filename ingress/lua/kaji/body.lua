-- How long a request's body may be. nginx reads a body of unknown length against the limit of the location it is in,
-- so such a body is read in a location whose limit is the next larger one (ingress/nginx/locations.ts), then measured.
local answer = require("kaji.answer")
local body = {}

local DEFAULT_BYTES = 1048576
-- As in ingress/nginx/locations.ts: MiB.
local STEPS = { 1, 4, 16, 64, 256, 1024, 4096, 16384 }

local function limit_of(policy)
  return policy and policy.body_bytes or DEFAULT_BYTES
end

local function refuse(limit)
  return answer.refuse(413, "the body is longer than " .. limit .. " bytes")
end

-- Refuses a body that says itself that it is too long.
function body.check_length(policy)
  local limit = limit_of(policy)
  local length = tonumber(ngx.var.content_length)
  if length and limit > 0 and length > limit then
    return refuse(limit)
  end
end

local function has_unknown_length()
  local var = ngx.var
  if var.content_length then
    return false
  end
  if var.http_transfer_encoding then
    return true
  end
  local method = var.request_method
  return ngx.req.http_version() == 2 and method ~= "GET" and method ~= "HEAD"
end

local function large_enough(limit)
  for _, mebibytes in ipairs(STEPS) do
    if limit > 0 and limit <= mebibytes * 1048576 then
      return "@kaji_body_" .. mebibytes .. "m"
    end
  end
  return "@kaji_body_any"
end

-- The location where a body of unknown length is read; nil where nginx' own limit is the right one.
function body.location_of(policy)
  local limit = limit_of(policy)
  if policy.is_stream or not has_unknown_length() then
    return nil
  end
  if policy.is_streamed then
    if limit == 0 then
      return nil
    end
    -- HTTP/2 does not say beforehand whether there is a body at all (DELETE): it is read, as if it were not passed on.
    if ngx.req.http_version() == 2 then
      return large_enough(limit)
    end
    return answer.refuse(411, "a body that is passed on as it comes needs a Content-Length, or proxy-body-size: 0")
  end
  if limit == DEFAULT_BYTES then
    return nil
  end
  return large_enough(limit)
end

local function bytes_read()
  local data = ngx.req.get_body_data()
  if data then
    return #data
  end
  local name = ngx.req.get_body_file()
  local file = name and io.open(name, "rb")
  if not file then
    return 0
  end
  local size = file:seek("end")
  file:close()
  return size
end

-- In one of those locations.
function body.read(policy)
  ngx.req.read_body()
  local limit = limit_of(policy)
  if limit > 0 and bytes_read() > limit then
    return refuse(limit)
  end
end

return body
