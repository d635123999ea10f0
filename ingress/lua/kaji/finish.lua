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

function finish.done()
  local context = contexts.finish()
  traffic.record(context)
  -- After it: what was noted is added up by what this plans.
  metrics.record(context)
  mirror.copy(context)
  hold.release(context)
  limits.release(context)
  if access_log.is_on then
    access_log.note(context)
  end
  balancer.release(context)
end

return finish
