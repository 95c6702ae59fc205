-- Arguments after --, each NAME=VALUE: method, bytes (of a body), text (the body), header (such as
-- "Cookie: a=b", repeatable), and count=each to count by threads. Prints one line of JSON.

local threads = {}

function setup(thread)
   table.insert(threads, thread)
end

function init(arguments)
   local each = false
   for _, argument in ipairs(arguments) do
      local name, value = argument:match("^(%l+)=(.*)$")
      if name == "method" then
         wrk.method = value
      elseif name == "bytes" then
         wrk.headers["Content-Type"] = "application/octet-stream"
         wrk.body = string.rep("g", tonumber(value))
      elseif name == "text" then
         wrk.body = value
      elseif name == "header" then
         local field, content = value:match("^([^:]+): (.*)$")
         wrk.headers[field] = content
      elseif name == "count" then
         each = true
      end
   end
   sent = 0
   if each then
      -- Only then: without it wrk sends bytes that it has prepared.
      local request = wrk.format()
      function _G.request()
         sent = sent + 1
         return request
      end
   end
end

function done(summary, latency)
   local errors = summary.errors
   local least, total = math.huge, 0
   for _, thread in ipairs(threads) do
      local count = thread:get("sent")
      least = math.min(least, count)
      total = total + count
   end
   io.write(string.format(
      '\n{"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "p999": %d, "max": %d, ' ..
      '"least_of_thread": %d, "mean_of_threads": %.1f, ' ..
      '"connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}\n',
      summary.requests, summary.duration,
      latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max,
      least, total / #threads,
      errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
