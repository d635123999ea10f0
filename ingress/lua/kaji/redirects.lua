-- Requests that are answered with another place to ask at, or with why nothing is served.
local answer = require("kaji.answer")
local redirects = { closed = {}, to_tls = {}, elsewhere = {} }

function redirects.closed.prepare(fields)
  local sentence = fields.closed
  if not sentence then
    return nil
  end
  return function()
    return answer.refuse(503, "not served: " .. sentence)
  end
end

function redirects.to_tls.prepare(fields)
  if not fields["tls-redirect"] then
    return nil
  end
  return function()
    if ngx.var.kaji_scheme ~= "https" then
      local target = ngx.var.host .. ngx.var.kaji_https_port .. ngx.var.request_uri
      return ngx.redirect("https://" .. target, 308)
    end
  end
end

local function filled(target)
  return (target:gsub("%$([a-z_]+)", function(name)
    if name == "scheme" then
      return ngx.var.kaji_scheme
    end
    -- $uri is unescaped: an end of line in it would begin another header.
    return ((ngx.var[name] or ""):gsub("[%c \127]", function(one)
      return string.format("%%%02X", one:byte())
    end))
  end))
end

function redirects.elsewhere.prepare(fields)
  local root, other_host = fields["app-root"], fields["host-redirect"]
  local target = fields["permanent-redirect"]
  local status = tonumber(fields["permanent-redirect-code"]) or 301
  if fields["temporal-redirect"] then
    target = fields["temporal-redirect"]
    status = tonumber(fields["temporal-redirect-code"]) or 302
  end
  if other_host then
    target, status = "$scheme://" .. other_host .. "$request_uri", 308
  end
  if not target and not root then
    return nil
  end
  return function()
    if target then
      return ngx.redirect(filled(target), status)
    end
    if ngx.var.uri == "/" then
      return ngx.redirect(root, 302)
    end
  end
end

return redirects
