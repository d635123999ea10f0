-- Tells nginx' access log what only Lua knows of a request. Runs in the log phase, before nginx writes its line.
local access_log = { is_on = false }

function access_log.note(context)
  local var = ngx.var
  local endpoint, route = context.endpoint, context.route
  var.kaji_pod = endpoint and endpoint.pod or ""
  var.kaji_backend = context.backend or ""
  var.kaji_version = endpoint and endpoint.version or ""
  var.kaji_ingress = route and route.ingress or ""
  var.kaji_tenant = context.tenant or ""
end

return access_log
