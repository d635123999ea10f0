-- One number that changes with every change of the shared dictionaries, in a page of memory that all workers share:
-- reading it costs nothing, so what a worker has parsed is good for as long as the number is the same.
-- The page is a file's (in the run folder), so that workers of before a reload see it change too.
-- Invariant: a change is in the dictionaries before the number changes, and the number has changed before whoever
-- ordered the change is answered.
local bit = require("bit")
local ffi = require("ffi")
local version = {}

ffi.cdef([[
int open(const char *path, int flags, int mode);
int ftruncate(int descriptor, long length);
void *mmap(void *address, size_t length, int protection, int flags, int descriptor, long offset);
int close(int descriptor);
]])

local O_RDWR, O_CREAT = 2, 64
local PROT_READ_WRITE, MAP_SHARED = 3, 1
local PAGE_BYTES = 4096
local page

function version.open(path)
  local descriptor = ffi.C.open(path, bit.bor(O_RDWR, O_CREAT), tonumber("600", 8))
  if descriptor < 0 or ffi.C.ftruncate(descriptor, PAGE_BYTES) ~= 0 then
    error("cannot make " .. path)
  end
  local address = ffi.C.mmap(nil, PAGE_BYTES, PROT_READ_WRITE, MAP_SHARED, descriptor, 0)
  ffi.C.close(descriptor)
  if ffi.cast("intptr_t", address) == -1 then
    error("cannot map " .. path)
  end
  page = ffi.cast("volatile double *", address)
end

function version.now()
  return page[0]
end

-- After a change. Each has a number that none had before, also when two come at once and the smaller one is seen last;
-- a new nginx counts on from where the one before it was.
function version.change()
  page[0] = ngx.shared.kaji_facts:incr("version", 1, page[0])
end

return version
