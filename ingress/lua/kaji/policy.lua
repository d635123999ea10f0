-- What the annotations of an Ingress ask of its requests (ingress/plan/policies.ts), made ready once per worker: a
-- list of steps, of only those that are asked for. A step that answers a request ends it (ngx.exit).
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

function policy.parse(fields)
  local made = { id = fields.id or "", steps = {}, fallback = fields["default-backend"] }
  made.body_bytes = tonumber(fields["proxy-body-size"])
  for _, feature in ipairs(features) do
    local step = feature.prepare(fields, made)
    if step then
      made.steps[#made.steps + 1] = step
    end
  end
  return made
end

return policy
