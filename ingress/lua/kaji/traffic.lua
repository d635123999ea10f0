-- Counts what was answered, by backend.
local state = require("kaji.state")
local traffic = {}

-- Runs when a request has ended, however it ended. In ngx.ctx: backend, and of its last endpoint version and pod.
function traffic.record(context)
  if not context.backend then
    return
  end
  local counters = state.counters()
  counters:incr("requests " .. context.backend, 1, 0)
  if ngx.status >= 500 then
    counters:incr("errors " .. context.backend, 1, 0)
  end
end

return traffic
