-- The header filter of requests that Lua had something to do for: what an Ingress adds to answers.
local contexts = require("kaji.context")
local cors = require("kaji.cors")
local sticky = require("kaji.sticky")
local headers = {}

function headers.add()
  local context = contexts.get()
  local policy = context and context.policy
  -- Without a backend the answer is our own, which is complete: a preflight, a redirect, a refusal.
  if not policy or not context.backend then
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
