-- Holds a request for a backend that sleeps until it has an endpoint.
local hold = {}

-- True: the backend has an endpoint now. False, and a sentence: it has none, and the request shall not wait (on).
function hold.wait(key, _options)
  return false, "the service " .. key .. " has no ready endpoint"
end

return hold
