-- How the application is asked: protocol, buffering, timeouts, headers. What nginx can only have per location is a
-- named location of nginx' file (ingress/nginx/locations.ts); the router goes there last.
local upstream = {}

local function location_of(fields, policy)
  local protocol = fields["backend-protocol"] or "HTTP"
  if protocol == "GRPC" or protocol == "GRPCS" then
    policy.is_stream = true
    return "@kaji_" .. protocol:lower()
  end
  local scheme = protocol == "HTTPS" and "https" or "http"
  local answers = fields["proxy-buffering"] and "_unbuffered" or ""
  local requests = fields["proxy-request-buffering"] and "_streamed" or ""
  policy.is_streamed = fields["proxy-request-buffering"] ~= nil
  local needs = scheme == "https" or answers ~= "" or requests ~= "" or fields["upstream-vhost"]
  if needs or fields["proxy-buffer-size"] then
    return "@kaji_" .. scheme .. answers .. requests
  end
  return nil
end

local function timeouts_of(fields)
  local connect = tonumber(fields["proxy-connect-timeout"])
  local send = tonumber(fields["proxy-send-timeout"])
  local read = tonumber(fields["proxy-read-timeout"])
  if connect or send or read then
    return { connect = connect or 5, send = send or 60, read = read or 60 }
  end
  return nil
end

-- How many endpoints are tried; nil: as many as the balancer's default.
local function tries_of(fields)
  local tries = tonumber(fields["proxy-next-upstream-tries"])
  if fields["proxy-next-upstream"] == "off" then
    return 1
  end
  return tries and tries > 0 and tries or nil
end

function upstream.prepare(fields, policy)
  policy.location = location_of(fields, policy)
  policy.timeouts, policy.max_tries = timeouts_of(fields), tries_of(fields)
  local host, tls_name = fields["upstream-vhost"], fields["proxy-ssl-name"]
  local prefix, rate = fields["x-forwarded-prefix"], tonumber(fields["limit-rate"])
  if not (host or prefix or tls_name or rate) then
    return nil
  end
  return function()
    if host then
      ngx.var.kaji_upstream_host = host
    end
    if tls_name then
      ngx.var.kaji_upstream_name = tls_name
    end
    if prefix then
      ngx.req.set_header("X-Forwarded-Prefix", prefix)
    end
    if rate and rate > 0 then
      ngx.var.limit_rate = rate * 1024
    end
  end
end

return upstream
