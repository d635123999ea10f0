-- The log phase: runs when a request has ended, however it ended.
local balancer = require("kaji.balancer")
local traffic = require("kaji.traffic")
local finish = {}

function finish.done()
  local context = ngx.ctx
  traffic.record(context)
  balancer.release(context)
end

return finish
