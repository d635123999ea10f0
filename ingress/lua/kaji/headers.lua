-- The header filter of named locations: what an Ingress adds to answers.
local cors = require("kaji.cors")
local sticky = require("kaji.sticky")
local headers = {}

function headers.add()
  local context = ngx.ctx
  local policy = context.policy
  if not policy then
    return
  end
  if policy.cors then
    cors.add_headers(policy.cors)
  end
  if policy.sticky then
    sticky.add_cookie(context)
  end
end

return headers
