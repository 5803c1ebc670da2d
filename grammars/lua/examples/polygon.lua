local units = require("shapes.units")
local Polygon = {}

--- A closed shape.
function Polygon.new(sides, points)
  local self = { sides = sides }
  return self
end

-- Area in square meters.
function Polygon:area(scale)
  return units.square(self.sides * scale)
end

Polygon.draw = function(canvas)
  canvas:draw()
end

local function helper(value)
  return value
end

it("has an area", function()
  assert(helper(1))
end)

return Polygon
