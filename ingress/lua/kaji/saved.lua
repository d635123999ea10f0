-- What the ingress process keeps in a file for a start of nginx, so that traffic flows without it.
local saved = {}

-- The file, opened; nil: there is none, or a reload has kept the dictionary, which is newer.
function saved.open(path, dictionary)
  if #dictionary:get_keys(1) > 0 then
    return nil
  end
  return io.open(path, "rb")
end

return saved
