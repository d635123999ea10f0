-- The log phase: runs when a request has ended, however it ended.
local access_log = require("kaji.access_log")
local balancer = require("kaji.balancer")
local contexts = require("kaji.context")
local hold = require("kaji.hold")
local limits = require("kaji.limits")
local metrics = require("kaji.metrics")
local mirror = require("kaji.mirror")
local traffic = require("kaji.traffic")
local finish = {}

-- What a request holds, once: its place in a queue, its part of a limit, its count at an endpoint.
function finish.release(context)
  hold.release(context)
  limits.release(context)
  balancer.release(context)
end

function finish.done()
  local context = contexts.finish()
  traffic.record(context)
  -- After it: what was noted is added up by what this plans.
  metrics.record(context)
  mirror.copy(context)
  if access_log.is_on then
    access_log.note(context)
  end
  finish.release(context)
end

return finish
