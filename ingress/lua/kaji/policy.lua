-- What the annotations of an Ingress ask of its requests (ingress/plan/policies.ts), made ready once per worker: a
-- `step` of only those that are asked for. One that answers a request ends it (ngx.exit).
local policy = {}

-- In this order. Each: prepare(fields, policy) -> step(context, policy, groups) or nil.
local features = {
  require("kaji.redirects").closed,
  require("kaji.redirects").to_tls,
  require("kaji.ranges"),
  require("kaji.redirects").elsewhere,
  require("kaji.cors"),
  require("kaji.limits"),
  require("kaji.passwords"),
  require("kaji.rewrite"),
  require("kaji.upstream"),
  require("kaji.sticky"),
}

-- One step of two: a chain of them is compiled as one piece, which a loop over a list of functions is not.
local function both(first, second)
  return function(context, made, groups)
    first(context, made, groups)
    second(context, made, groups)
  end
end

function policy.parse(fields)
  local made = { id = fields.id or "", fallback = fields["default-backend"] }
  made.body_bytes = tonumber(fields["proxy-body-size"])
  for _, feature in ipairs(features) do
    local step = feature.prepare(fields, made)
    if step then
      made.step = made.step and both(made.step, step) or step
    end
  end
  return made
end

return policy
