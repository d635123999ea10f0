-- What the annotations of an Ingress ask of its requests (ingress/plan/policies.ts), made ready once per worker: a
-- `step` of only those that are asked for. One that answers a request ends it (ngx.exit).
local policy = {}

-- In this order. Each: prepare(fields, policy) -> step(context, policy, groups) or nil; and where a request can be let
-- through without an answer or a wait, check(context): the same as a question. Of a policy whose steps all have one,
-- `check` says true when all is done; false: the steps have to run.
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

local function both_pass(first, second)
  return function(context)
    return first(context) and second(context)
  end
end

function policy.parse(fields)
  local made = { id = fields.id or "", fallback = fields["default-backend"] }
  made.body_bytes = tonumber(fields["proxy-body-size"])
  local is_checked = true
  for _, feature in ipairs(features) do
    local step, check = feature.prepare(fields, made)
    if step then
      made.step = made.step and both(made.step, step) or step
      is_checked = is_checked and check ~= nil
      made.check = is_checked and (made.check and both_pass(made.check, check) or check) or nil
    end
  end
  made.adds_headers = made.cors ~= nil or made.sticky ~= nil
  if made.location or made.body_bytes or made.fallback then
    made.check = nil
  end
  return made
end

return policy
