-- name, incarnation
if leaseOf(ARGV[2], ARGV[3]) then
  finish(ARGV[2])
end
publish()
return 1
