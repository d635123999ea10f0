-- Gives the TLS handshake the certificate of the name that the client asked for; the file's self-signed one
-- stays when there is none. A new certificate needs no reload.
local ssl = require("ngx.ssl")
local state = require("kaji.state")
local certificates = {}

local function parse(raw)
  local chain_pem, key_pem = raw:match("^([^\t]*)\t(.*)$")
  local chain = ssl.parse_pem_cert(chain_pem)
  local key = ssl.parse_pem_priv_key(key_pem)
  return { chain = chain, key = key }
end

-- By the name, its wildcard, or the default; a client may name none.
local function find(name)
  local found = name and state.lookup("certificates", name, parse)
  local wildcard = name and name:gsub("^[^.]+", "*", 1)
  if not found and wildcard and wildcard ~= "*" then
    found = state.lookup("certificates", wildcard, parse)
  end
  return found or state.lookup("certificates", "*", parse)
end

function certificates.choose()
  local name = ssl.server_name()
  local found = find(name and name:lower())
  if not found or not found.chain or not found.key then
    return
  end
  ssl.clear_certs()
  local ok, problem = ssl.set_cert(found.chain)
  if ok then
    ok, problem = ssl.set_priv_key(found.key)
  end
  if not ok then
    ngx.log(ngx.ERR, "cannot use the certificate of ", name or "no name", ": ", problem)
  end
end

return certificates
