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

function upstream.prepare(fields, policy)
  policy.location = location_of(fields, policy)
  local timeouts, host = timeouts_of(fields), fields["upstream-vhost"]
  local prefix, tls_name = fields["x-forwarded-prefix"], fields["proxy-ssl-name"]
  local rate = tonumber(fields["limit-rate"])
  local tries = tonumber(fields["proxy-next-upstream-tries"])
  if fields["proxy-next-upstream"] == "off" then
    tries = 1
  end
  if not (timeouts or host or prefix or tls_name or rate or tries) then
    return nil
  end
  local function step(context)
    context.timeouts = timeouts
    if tries and tries > 0 then
      context.max_tries = tries
    end
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
  local function prepare_only(context)
    step(context)
    return true
  end
  local is_of_request = host or prefix or tls_name or rate
  return step, not is_of_request and prepare_only or nil
end

return upstream
