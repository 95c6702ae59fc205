-- Arguments after --: the method, and the bytes of the body. Prints the result as one line of JSON.

function init(arguments)
   wrk.method = arguments[1] or "GET"
   local bytes = tonumber(arguments[2] or "0")
   if bytes > 0 then
      wrk.headers["Content-Type"] = "application/octet-stream"
      wrk.body = string.rep("g", bytes)
   end
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "max": %d, ' ..
      '"connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}\n',
      summary.requests, summary.duration,
      latency:percentile(50), latency:percentile(99), latency.max,
      errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
